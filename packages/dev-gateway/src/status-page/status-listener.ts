import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listenError } from '../server/listen-error.js'
import { renderStatus, statusStyle } from './render-status.js'
import type { StatusView } from './status-view.js'

/** The HTTP listener of the status page. */
export interface StatusListener {
  readonly port: number
  close(): Promise<void>
}

const styleHash = createHash('sha256').update(statusStyle).digest('base64')
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'`,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/**
 * Serves the status page at `/` of 127.0.0.1 and its data at `/status.json`. It only reads, and answers to nobody who came by
 * another name than this machine's: a page elsewhere must not reach it by a name that it made point here.
 *
 * `port` 0 takes a free one. Rejects when it is taken.
 */
export function listenStatus(port: number, view: () => StatusView): Promise<StatusListener> {
  const server = createServer((request, response) => answer(request, response, view))
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(port, 'statusPort', error)))
    server.listen(port, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            server.closeAllConnections()
          }),
      })
    })
  })
}

function answer(request: IncomingMessage, response: ServerResponse, view: () => StatusView): void {
  const { method, url = '', headers: given, socket } = request
  const [path] = url.split('?', 1)
  if (!isOwnHost(given.host, socket.localPort)) {
    respond(response, 403, 'text/plain', 'Open this page as http://127.0.0.1 or http://localhost with its port.\n')
  } else if (method !== 'GET') {
    response.setHeader('allow', 'GET')
    respond(response, 405, 'text/plain', 'This page can only be read.\n')
  } else if (path === '/') respond(response, 200, 'text/html', renderStatus(view()))
  else if (path === '/status.json') respond(response, 200, 'application/json', JSON.stringify(view()))
  else respond(response, 404, 'text/plain', 'not found\n')
}

function isOwnHost(host: string | undefined, port: number | undefined): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`
}

function respond(response: ServerResponse, code: number, type: string, body: string): void {
  response.writeHead(code, { ...headers, 'content-type': `${type}; charset=utf-8` }).end(body)
}
