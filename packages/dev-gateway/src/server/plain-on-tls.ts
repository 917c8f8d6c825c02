import { createServer, type Http2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { status } from '@grpc/grpc-js'
import { answerText, type HttpRequest, type HttpResponse, hostOf } from './http-message.js'

// How long a connection of HTTP/2 may stay without a request, in milliseconds: there is nothing for it here.
const idleMs = 5_000

const advice = 'This port speaks TLS: write https:// in place of http:// in its URL.'

/** Answers who asks a port with TLS without it: a page is sent to the right URL, everybody else is told. */
export function answerPlain(request: HttpRequest, response: HttpResponse): void {
  const host = hostOf(request)
  const isPage = (request.method === 'GET' || request.method === 'HEAD') && request.headers.upgrade === undefined
  request.resume()
  // Nothing is remembered: the next gateway on this port may serve without TLS.
  response.setHeader('cache-control', 'no-store')
  if (request.httpVersionMajor === 1) response.setHeader('connection', 'close')
  if (isPage && host !== '' && request.url?.startsWith('/')) {
    response.setHeader('location', `https://${host}${request.url}`)
    answerText(response, 307, `This port speaks TLS: ask for https://${host}${request.url}\n`)
  } else answerText(response, 400, `${advice}\n`)
}

/** The same for connections of HTTP/2, which end then; calls of gRPC are refused. It never listens by itself. */
export function createPlainHttp2(): Http2Server {
  const server = createServer((request: Http2ServerRequest, response: Http2ServerResponse) => {
    const { session } = request.stream
    response.once('close', () => session?.close())
    if (request.headers['content-type']?.startsWith('application/grpc') !== true) answerPlain(request, response)
    else {
      request.resume()
      response.setHeader('content-type', 'application/grpc')
      response.setHeader('grpc-status', String(status.UNAVAILABLE))
      response.setHeader('grpc-message', advice)
      response.end()
    }
  })
  server.on('sessionError', () => undefined)
  server.on('session', (session) => session.setTimeout(idleMs, () => session.destroy()))
  return server
}
