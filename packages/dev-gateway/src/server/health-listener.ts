import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listenError } from './listen-error.js'

/** The HTTP listener that says whether the gateway is up. */
export interface HealthListener {
  readonly port: number
  /** From now on the answer is that the gateway is up; before, it is 503. */
  markReady(): void
  close(): Promise<void>
}

const paths = new Set(['/health', '/healthz', '/readyz'])

/**
 * Answers on `/health`, `/healthz` and `/readyz` of 127.0.0.1: 200 once the gateway is ready, 503 before.
 *
 * `port` 0 takes a free one. Rejects when it is taken.
 */
export function listenHealth(port: number): Promise<HealthListener> {
  let ready = false
  const server = createServer((request, response) => {
    const known = request.method === 'GET' && paths.has((request.url ?? '').split('?', 1)[0] ?? '')
    if (!known) respond(response, 404, 'not found')
    else if (ready) respond(response, 200, 'ok')
    else respond(response, 503, 'starting')
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(port, 'healthPort', error)))
    server.listen(port, '127.0.0.1', () => {
      resolve({ port: (server.address() as AddressInfo).port, markReady, close })
    })
  })

  function markReady(): void {
    ready = true
  }

  function close(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }
}

function respond(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'content-type': 'text/plain' }).end(`${text}\n`)
}
