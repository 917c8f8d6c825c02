import { type IncomingMessage, type OutgoingHttpHeaders, request as openRequest } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import type { ApiContext } from '../api/api-context.js'
import type { ExposedServiceRecord } from '../records/exposed-service.js'
import { answerText, type HttpRequest, type HttpResponse, hostOf } from '../server/http-message.js'
import { findService, type ServiceReference } from '../services/services.js'
import type { RelayDuplex } from '../sessions/relay-duplex.js'
import { forwardedHeaders, returnedHeaders } from './proxied-headers.js'

type Service = ServiceReference & { readonly workspace: string }

/** Why a request does not reach its service, in the real gateway's words. */
class RouteError extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** Hands a request to a service in its sandbox, and the answer back. Never rejects. */
export async function proxyRequest(
  api: ApiContext,
  service: Service,
  request: HttpRequest,
  response: HttpResponse,
): Promise<void> {
  try {
    const { record, relay } = await openService(api, service, request)
    endWith(relay, response)
    const answer = await send(request, relay, forwardedHeaders(request.headers, record.value))
    response.writeHead(answer.statusCode ?? 502, returnedHeaders(answer.headers))
    await pipeline(answer, response)
  } catch (error) {
    const { code, message } = error instanceof RouteError ? error : unreachable()
    answerText(response, code, message)
  }
}

/** Hands a connection to a service that both want to speak something else on, such as a web socket. Never rejects. */
export async function proxyUpgrade(
  api: ApiContext,
  service: Service,
  request: HttpRequest,
  { socket, head }: { readonly socket: Duplex; readonly head: Buffer },
): Promise<void> {
  socket.on('error', () => undefined)
  try {
    const { record, relay } = await openService(api, service, request)
    endWith(relay, socket)
    relay.once('close', () => socket.destroy())
    const { connection, upgrade } = request.headers
    const headers = { ...forwardedHeaders(request.headers, record.value), connection, upgrade }
    // What comes back is for the client as it is, whether the service agrees or not.
    relay.write(requestHead(request, headers))
    relay.write(head)
    socket.pipe(relay).pipe(socket)
  } catch (error) {
    const { code, message } = error instanceof RouteError ? error : unreachable()
    socket.end(
      `HTTP/1.1 ${code} ${message}\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${message.length}\r\n\r\n${message}`,
    )
  }
}

async function openService(
  { store, relays, logger }: ApiContext,
  service: Service,
  request: HttpRequest,
): Promise<{ readonly record: ExposedServiceRecord; readonly relay: RelayDuplex }> {
  const { origin } = request.headers
  // A page of somebody else must not use a service as whoever looks at it.
  if (origin !== undefined && originHost(origin) !== hostOf(request)) {
    throw new RouteError(403, 'Cross-origin service request rejected')
  }
  const record = findService(store, service.workspace, service)
  if (!record) throw new RouteError(404, 'Service endpoint not found')
  const row = store.sandboxes.get(record.value.sandboxId)
  if (!row) throw new RouteError(404, 'Service endpoint is not available')
  if (row.status.phase !== SandboxPhase.READY) throw new RouteError(412, 'Sandbox is not ready')
  try {
    const target = { type: 'tcp', host: '127.0.0.1', port: record.value.targetPort } as const
    const relay = await relays.open(row.id, target, record.id)
    relay.on('error', () => undefined)
    return { record, relay }
  } catch (error) {
    logger.warn({ err: error, sandboxId: row.id, service: record.name }, 'The relay to a service could not be opened')
    throw unreachable()
  }
}

// Who asked may have left while the sandbox was waited for.
function endWith(relay: RelayDuplex, client: HttpResponse | Duplex): void {
  if (client.destroyed) relay.destroy()
  else client.once('close', () => relay.destroy())
}

function send(request: HttpRequest, relay: RelayDuplex, headers: OutgoingHttpHeaders): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method, url: path } = request
    const upstream = openRequest({ method, path, headers, createConnection: () => relay })
    upstream.once('response', resolve)
    upstream.on('error', reject)
    relay.once('close', () => reject(unreachable()))
    // Its own failures end the request to the service, which is heard above.
    pipeline(request, upstream).catch(() => undefined)
  })
}

function requestHead({ method, url }: HttpRequest, headers: OutgoingHttpHeaders): string {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((each) => `${name}: ${each}`),
  )
  return `${[`${method} ${url} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`
}

function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

function unreachable(): RouteError {
  return new RouteError(502, 'Service endpoint is not reachable')
}
