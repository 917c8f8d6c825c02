import { isLoopbackHost } from './loopback-host.js'

const MAX_ANSWER_BYTES = 1_048_576
const TIME_LIMIT_MS = 10_000

/** What keeps an issuer from being asked, or its answer from being read; half a sentence that begins after the issuer. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable'
}

/** True for URLs that may carry a secret: `https`, and `http` on this machine. */
export function isConfidential({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname.replace(/^\[(.*)\]$/, '$1')))
}

/** A request as the OAuth library makes it. */
interface IssuerRequest {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: URLSearchParams | undefined
  readonly signal?: AbortSignal | undefined
}

/** `fetch` for requests that carry secrets: encrypted, without redirects, bounded in time and size. */
export async function issuerFetch(url: string, request: IssuerRequest): Promise<Response> {
  if (!isConfidential(new URL(url))) throw new IssuerUnreachable('names an address that is not https')
  const { method, headers, body = null } = request
  const limit = AbortSignal.timeout(TIME_LIMIT_MS)
  const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit
  try {
    const response = await fetch(url, { method, headers, body, redirect: 'manual', signal })
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      throw new IssuerUnreachable(`answered with a redirect (HTTP ${response.status}), which is not followed`)
    }
    return new Response(await readBounded(response), { status: response.status, headers: response.headers })
  } catch (error) {
    if (error instanceof IssuerUnreachable) throw error
    if (request.signal?.aborted) throw new IssuerUnreachable('was not waited for: the client is closed')
    if (signal.aborted) throw new IssuerUnreachable(`did not answer within ${TIME_LIMIT_MS} ms`)
    throw new IssuerUnreachable(`cannot be reached (${codeOf(error)})`)
  }
}

async function readBounded({ body }: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!body) return null
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > MAX_ANSWER_BYTES) throw new IssuerUnreachable(`answered with more than ${MAX_ANSWER_BYTES} bytes`)
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? code : 'no answer'
}
