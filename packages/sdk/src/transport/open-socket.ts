import * as net from 'node:net'
import * as tls from 'node:tls'
import type { Endpoint, SocketTarget } from './endpoint.js'
import type { TlsMaterial } from './tls-material.js'

/** How long a connection may take to be established. */
export const CONNECT_TIMEOUT_MS = 10_000

/** What a socket on an `https` endpoint shows and trusts. */
export interface SocketSecurity extends TlsMaterial {
  /** Whether a server is trusted whatever it shows. */
  readonly insecureSkipVerify: boolean
  /** What is spoken over TLS. */
  readonly protocol: 'h2' | 'http/1.1'
}

/** Opens the socket of a connection. It destroys itself with ETIMEDOUT when the other side does not answer in time. */
export function openSocket(endpoint: Endpoint, security: SocketSecurity): net.Socket {
  const address = addressOf(endpoint.target)
  const socket = endpoint.secure
    ? tls.connect({ ...address, ...toTlsOptions(endpoint, security) })
    : net.connect(address)
  const timer = setTimeout(() => socket.destroy(connectTimeout(endpoint)), CONNECT_TIMEOUT_MS)
  const stop = () => clearTimeout(timer)
  socket.once(endpoint.secure ? 'secureConnect' : 'connect', stop)
  socket.once('close', stop)
  return socket
}

function addressOf(target: SocketTarget): net.NetConnectOpts {
  return target.type === 'unix' ? { path: target.path } : { host: target.host, port: target.port }
}

function toTlsOptions(
  { target }: Endpoint,
  { insecureSkipVerify, protocol, ...pem }: SocketSecurity,
): tls.ConnectionOptions {
  const named = target.type === 'tcp' && net.isIP(target.host) === 0
  return {
    ALPNProtocols: [protocol],
    rejectUnauthorized: !insecureSkipVerify,
    ...(named ? { servername: target.host } : {}),
    ...pem,
  }
}

function connectTimeout({ address }: Endpoint): Error {
  const message = `connect to ${address} took longer than ${CONNECT_TIMEOUT_MS} ms`
  return Object.assign(new Error(message), { code: 'ETIMEDOUT', syscall: 'connect' })
}
