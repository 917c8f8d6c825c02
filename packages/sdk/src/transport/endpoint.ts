import { isLoopbackHost } from '../auth/loopback-host.js'
import { OpenShellError } from '../errors/openshell-error.js'

/** Where a gateway listens. */
export interface Endpoint {
  /** Base URL of the requests, without a trailing slash. */
  readonly url: string
  /** Host and port that requests are for. */
  readonly authority: string
  /** The address as people write it. */
  readonly address: string
  readonly secure: boolean
  /** True when what is sent does not leave this machine. */
  readonly local: boolean
  readonly target: SocketTarget
}

/** What a socket connects to. */
export type SocketTarget =
  | { readonly type: 'tcp'; readonly host: string; readonly port: number }
  | { readonly type: 'unix'; readonly path: string }

// What the socket's address holds, less the byte that ends it.
const SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107

/**
 * Parses `http://host:port`, `https://host:port` and `unix:/path`. Throws kind `configuration` for anything else.
 *
 * @param source what to call the text in errors
 */
export function parseEndpoint(text: string, source = 'Option endpoint'): Endpoint {
  if (typeof text !== 'string') throw invalid(source, `must be a text, got ${typeof text}`)
  return text.startsWith('unix:') ? parseUnix(text, source) : parseUrl(text, source)
}

function parseUnix(text: string, source: string): Endpoint {
  const path = text.slice('unix:'.length).replace(/^\/\/(?=\/)/, '')
  if (!path.startsWith('/') || path.startsWith('//')) {
    throw invalid(source, 'a Unix socket is written as unix: and its absolute path')
  }
  if (path.includes('\0')) throw invalid(source, 'the path of a socket holds no NUL')
  const sizeBytes = Buffer.byteLength(path)
  if (sizeBytes > SOCKET_PATH_BYTES) {
    throw invalid(source, `the path of the socket has ${sizeBytes} bytes; at most ${SOCKET_PATH_BYTES} fit`)
  }
  // The authority of the requests must be a host; the path would not be one.
  return {
    url: 'http://localhost',
    authority: 'localhost:80',
    address: `unix:${path}`,
    secure: false,
    local: true,
    target: { type: 'unix', path },
  }
}

function parseUrl(text: string, source: string): Endpoint {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url) throw invalid(source, `"${withoutCredentials(text)}" is not a URL`)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw invalid(source, `the scheme "${url.protocol.slice(0, -1)}" is not served`)
  }
  if (url.username !== '' || url.password !== '')
    throw invalid(source, 'a URL must not hold credentials; use option auth')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw invalid(source, 'a gateway has no path, query or fragment')
  if (url.port === '0') throw invalid(source, 'nobody listens on port 0')
  const secure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)
  return {
    url: url.origin,
    authority: `${url.hostname}:${port}`,
    address: url.origin,
    secure,
    local: isLoopbackHost(host),
    target: { type: 'tcp', host, port },
  }
}

function invalid(source: string, problem: string): OpenShellError {
  return new OpenShellError({
    kind: 'configuration',
    message: `${source}: ${problem}.`,
    hint: 'Write the endpoint as "http://127.0.0.1:17670", "https://gateway.example:17670" or "unix:/run/gateway.sock".',
  })
}

function withoutCredentials(text: string): string {
  return text.slice(0, 200).replace(/\/\/[^/]*@/, '//***@')
}
