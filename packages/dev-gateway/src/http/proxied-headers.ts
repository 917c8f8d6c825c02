import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { ExposedService } from '../records/exposed-service.js'

// For one connection only, not for who is behind it.
const ofConnection = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

// What proves somebody to the gateway is not for a sandbox.
const forGateway = new Set([
  'authorization',
  'cf-access-jwt-assertion',
  'x-forwarded-client-cert',
  'x-ssl-client-cert',
  'x-client-cert',
])
const gatewayCookie = /^cf[_-]authorization$/i

/** The headers with which a request goes on to a service. */
export function forwardedHeaders(
  headers: IncomingHttpHeaders,
  { targetPort, passesAuthorization }: ExposedService,
): OutgoingHttpHeaders {
  const forwarded: OutgoingHttpHeaders = {}
  for (const [name, value] of Object.entries(headers)) {
    const isPassed = name === 'authorization' && passesAuthorization === true
    if (name.startsWith(':') || ofConnection.has(name) || (forGateway.has(name) && !isPassed)) continue
    const kept = name === 'cookie' ? withoutGatewayCookies(String(value)) : value
    if (kept !== undefined && kept !== '') forwarded[name] = kept
  }
  forwarded['host'] = `127.0.0.1:${targetPort}`
  return forwarded
}

/** The headers with which a service's answer goes back. */
export function returnedHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.has(name)))
}

function withoutGatewayCookies(header: string): string {
  const cookies = header.split(';').map((cookie) => cookie.trim())
  return cookies.filter((cookie) => !gatewayCookie.test(cookie.split('=', 1)[0]?.trim() ?? '')).join('; ')
}
