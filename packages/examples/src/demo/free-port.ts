import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Finds a TCP port on the loopback address that is free now. The driver must be told the gateway's address before the
 * gateway starts, so the gateway cannot choose the port itself.
 */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('The system gave no TCP port.')
  return address.port
}
