import { Code, ConnectError, type Interceptor, type StreamRequest, type UnaryRequest } from '@connectrpc/connect'
import type { CallCredentials, HeldCredential } from '../auth/call-credentials.js'
import { OpenShellError } from '../errors.js'
import { abortable } from './abortable.js'
import { foreignAnswerOf } from './foreign-answer.js'
import { ownErrorIn } from './own-error.js'

type Request = UnaryRequest | StreamRequest

/**
 * Sends the credential with each call. When it is refused, a newer one is asked for, and the call goes out once more: a refusal
 * means that nothing was done. A stream from the client cannot be sent again; its next call has the newer credential.
 */
export function createAuthInterceptor(credentials: CallCredentials): Interceptor {
  return (next) => async (request) => {
    const held = await abortable(credentials.current(), request.signal)
    const again = await repeatable(request)
    try {
      return await next(withHeaders(again?.() ?? request, held))
    } catch (error) {
      if (!isRefusal(error, credentials)) throw error
      const renewed = await abortable(credentials.renew(held), request.signal)
      if (renewed.generation === held.generation || !again) throw explain(error)
      return await next(withHeaders(again(), renewed)).catch((second: unknown) => {
        throw isRefusal(second, credentials) ? explain(second) : second
      })
    }
  }
}

/** Makes the request anew each time; absent when its messages cannot be sent twice. */
async function repeatable(request: Request): Promise<(() => Request) | undefined> {
  if (!request.stream) return () => request
  if (request.method.methodKind !== 'server_streaming') return undefined
  const messages: unknown[] = []
  for await (const message of request.message) messages.push(message)
  return () => ({ ...request, message: replay(messages) }) as StreamRequest
}

async function* replay(messages: readonly unknown[]): AsyncGenerator<unknown> {
  yield* messages
}

function withHeaders<T extends Request>(request: T, { headers }: HeldCredential): T {
  for (const [name, value] of headers) request.header.set(name, value)
  return request
}

function isRefusal(error: unknown, { carrier }: CallCredentials): boolean {
  const foreign = foreignAnswerOf(error)
  // A login page may also come as a plain page with status 200.
  if (foreign) return foreign.wantsLogin || (carrier.type === 'edge' && foreign.httpStatus === 200)
  // The edge may refuse the connection itself.
  if (ownErrorIn(error)?.kind === 'unauthenticated') return true
  return error instanceof ConnectError && error.code === Code.Unauthenticated
}

function explain(error: unknown): unknown {
  const foreign = foreignAnswerOf(error)
  if (!foreign) return error
  return new OpenShellError({
    kind: 'unauthenticated',
    message: `What stands in front of the gateway does not accept the token of option auth (HTTP ${foreign.httpStatus}).`,
    hint: 'Log in again, and give the new token.',
    cause: error,
  })
}
