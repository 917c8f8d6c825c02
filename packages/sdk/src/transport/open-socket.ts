import * as net from 'node:net'
import * as tls from 'node:tls'
import type { Endpoint } from './endpoint.js'
import type { TlsOptions } from './tls-options.js'

/** How long a connection may take to be established. */
export const CONNECT_TIMEOUT_MS = 10_000

/** Opens the socket of a connection. It destroys itself with ETIMEDOUT when the other side does not answer in time. */
export function openSocket(endpoint: Endpoint, tlsOptions: TlsOptions): net.Socket {
  const { host, port } = endpoint
  const socket = endpoint.secure ? tls.connect(toTlsConnectOptions(endpoint, tlsOptions)) : net.connect({ host, port })
  const timer = setTimeout(() => socket.destroy(connectTimeout(endpoint)), CONNECT_TIMEOUT_MS)
  const stop = () => clearTimeout(timer)
  socket.once(endpoint.secure ? 'secureConnect' : 'connect', stop)
  socket.once('close', stop)
  return socket
}

function toTlsConnectOptions({ host, port }: Endpoint, { ca, cert, key }: TlsOptions): tls.ConnectionOptions {
  const pem = (value: string | Uint8Array) => (typeof value === 'string' ? value : Buffer.from(value))
  return {
    host,
    port,
    ALPNProtocols: ['h2'],
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca: pem(ca) }),
    ...(cert === undefined ? {} : { cert: pem(cert) }),
    ...(key === undefined ? {} : { key: pem(key) }),
  }
}

function connectTimeout({ host, port }: Endpoint): Error {
  const message = `connect to ${host}:${port} took longer than ${CONNECT_TIMEOUT_MS} ms`
  return Object.assign(new Error(message), { code: 'ETIMEDOUT', syscall: 'connect' })
}
