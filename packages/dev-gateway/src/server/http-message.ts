import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'

/** A request over HTTP/1 or HTTP/2. */
export type HttpRequest = IncomingMessage | Http2ServerRequest
/** Its answer. */
export type HttpResponse = ServerResponse | Http2ServerResponse

/** The host that a request is for, with its port, in lower case; empty when it names none. */
export function hostOf({ headers }: HttpRequest): string {
  const authority: unknown = Reflect.get(headers, ':authority')
  return (headers.host ?? (typeof authority === 'string' ? authority : '')).toLowerCase()
}

/** Answers with a text, unless an answer has begun or nobody waits for it any more. */
export function answerText(response: HttpResponse, code: number, text: string, type = 'text/plain'): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  response.writeHead(code, { 'content-type': `${type}; charset=utf-8`, 'x-content-type-options': 'nosniff' })
  response.end(text)
}
