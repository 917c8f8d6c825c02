import type { ApiContext } from '../api/api-context.js'
import { answerText, type HttpRequest, type HttpResponse, hostOf } from '../server/http-message.js'
import type { PlainHttpHandlers } from '../server/plain-http.js'
import { openTunnel, tunnelPath } from './edge-tunnel.js'
import { parseServiceHost } from './service-host.js'
import { proxyRequest, proxyUpgrade } from './service-proxy.js'

const nothingHere =
  'Nothing is here: this port speaks gRPC over HTTP/2, and HTTP to the URLs of exposed services. Health checks have a port of their own.\n'

/** What is answered beside the services. */
export interface HttpRouterOptions {
  /** Whether web sockets carry connections of gRPC. */
  readonly edgeTunnel: boolean
}

/**
 * Answers requests on the gateway's port that are no gRPC: services of sandboxes by their hosts, tunnels, and the key that signs
 * tokens.
 */
export function httpRouter(api: ApiContext, { edgeTunnel }: HttpRouterOptions): PlainHttpHandlers {
  return {
    request: (request, response) => {
      const service = parseServiceHost(hostOf(request))
      if (service) void proxyRequest(api, service, request, response)
      else answerOwn(api, request, response)
    },
    upgrade: (request, upgrade) => {
      const service = parseServiceHost(hostOf(request))
      if (service) void proxyUpgrade(api, service, request, upgrade)
      else if (edgeTunnel && request.url === tunnelPath) void openTunnel(request, upgrade)
      else upgrade.socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    },
  }
}

function answerOwn({ tokens }: ApiContext, request: HttpRequest, response: HttpResponse): void {
  const [path] = (request.url ?? '').split('?', 1)
  const document = request.method === 'GET' && tokens ? wellKnown(tokens, request)[path ?? ''] : undefined
  if (document) answerText(response, 200, JSON.stringify(document), 'application/json')
  else answerText(response, 404, nothingHere)
}

function wellKnown(tokens: NonNullable<ApiContext['tokens']>, request: HttpRequest): Readonly<Record<string, object>> {
  const secure = Reflect.get(request.socket, 'encrypted') === true
  return {
    '/.well-known/jwks.json': { keys: [tokens.publicJwk] },
    '/.well-known/openid-configuration': {
      issuer: tokens.issuer,
      jwks_uri: `${secure ? 'https' : 'http'}://${hostOf(request)}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['EdDSA'],
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
    },
  }
}
