import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The HTTP listener that says whether the gateway is up. */
export interface HealthListener {
  readonly port: number
  close(): Promise<void>
}

const paths = new Set(['/health', '/healthz', '/readyz'])

/** Answers 200 on `/health`, `/healthz` and `/readyz` of 127.0.0.1. `port` 0 takes a free one. Rejects when it is taken. */
export function listenHealth(port: number): Promise<HealthListener> {
  const server = createServer((request, response) => {
    const known = request.method === 'GET' && paths.has(new URL(request.url ?? '/', 'http://localhost').pathname)
    response.writeHead(known ? 200 : 404, { 'content-type': 'text/plain' }).end(known ? 'ok\n' : 'not found\n')
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const problem = error.code === 'EADDRINUSE' ? 'the port is in use; choose another health port.' : error.message
      reject(new Error(`Cannot listen on 127.0.0.1:${port}: ${problem}`, { cause: error }))
    })
    server.listen(port, '127.0.0.1', () => {
      resolve({ port: (server.address() as AddressInfo).port, close: () => close() })
    })
  })

  function close(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }
}
