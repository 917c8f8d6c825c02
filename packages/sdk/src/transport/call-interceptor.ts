import type { Interceptor } from '@connectrpc/connect'
import { OpenShellError } from '../errors.js'

/** One attempt of a call, before it is sent. */
export interface OutgoingCall {
  /** Name of the remote procedure, such as `CreateSandbox`. */
  readonly rpc: string
  /** Headers of the request. What is set here goes along, such as `traceparent`; the credential is added afterwards. */
  readonly headers: Headers
  /** Aborts with the call. */
  readonly signal: AbortSignal
}

/**
 * Stands between the client and the wire, for traces and headers. It runs for each attempt and calls `next` once, which resolves
 * when the answer has come (for a stream: when it has begun), and rejects when the attempt fails. What `next` rejects with is
 * internal: hand it on as it is.
 */
export type CallInterceptor = (call: OutgoingCall, next: () => Promise<void>) => Promise<void>

/** An interceptor as connect wants it. */
export function adaptInterceptor(interceptor: CallInterceptor): Interceptor {
  return (next) => async (request) => {
    let answer: Awaited<ReturnType<typeof next>> | undefined
    const { method, header, signal } = request
    await interceptor({ rpc: method.name, headers: header, signal }, async () => {
      answer = await next(request)
    })
    if (answer) return answer
    throw new OpenShellError({
      kind: 'configuration',
      message: `${method.name}: an interceptor ended without an answer.`,
      hint: 'Await next() in it, and let its rejection through.',
    })
  }
}

/** Names the application to the gateway. */
export function nameApplication(userAgent: string): CallInterceptor {
  return ({ headers }, next) => {
    headers.set('user-agent', [userAgent, headers.get('user-agent')].filter(Boolean).join(' '))
    return next()
  }
}
