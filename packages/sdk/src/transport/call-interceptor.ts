import { OpenShellError } from '../errors/openshell-error.js'

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

/** Sends a call through interceptors, outermost first. Throws kind `configuration` when one ends without an answer. */
export async function runInterceptors<R extends object>(
  interceptors: readonly CallInterceptor[],
  call: OutgoingCall,
  send: () => Promise<R>,
): Promise<R> {
  const [interceptor, ...inner] = interceptors
  if (!interceptor) return send()
  let answer: R | undefined
  await interceptor(call, async () => {
    answer = await runInterceptors(inner, call, send)
  })
  if (answer) return answer
  throw new OpenShellError({
    kind: 'configuration',
    message: `${call.rpc}: an interceptor ended without an answer.`,
    hint: 'Await next() in it, and let its rejection through.',
  })
}
