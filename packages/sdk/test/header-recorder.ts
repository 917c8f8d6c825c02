import type { IncomingHttpHeaders } from 'node:http2'
import { type Http2Front, startHttp2Front } from './http2-front.js'

/** Stands between a client and a gateway, and keeps what the calls carry beside their messages. */
export interface HeaderRecorder extends Http2Front {
  /** Headers of the calls so far, in order. */
  readonly headers: readonly IncomingHttpHeaders[]
}

/** Passes every call on to the gateway, and every answer back, as they are. */
export async function startHeaderRecorder(gateway: string): Promise<HeaderRecorder> {
  const headers: IncomingHttpHeaders[] = []
  const front = await startHttp2Front(gateway, (_, received) => {
    headers.push(received)
    return false
  })
  return { ...front, headers }
}
