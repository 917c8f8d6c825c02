import { Code, ConnectError } from '@connectrpc/connect'
import type { CallCredentials, HeldCredential } from '../auth/call-credentials.js'
import { OpenShellError } from '../errors/openshell-error.js'
import { foreignAnswerOf } from './foreign-answer.js'
import { ownErrorIn } from './own-error.js'

/** What is known about a call that wants a credential. */
export interface AuthorizedCall {
  /** Waits for a step of the call; rejects when the call has ended. */
  readonly end: { wait<T>(step: Promise<T>): Promise<T> }
  /** False when its messages cannot be sent twice. */
  readonly mayRepeat: boolean
}

/**
 * Sends a call with the credential. When that is refused, a newer one is asked for, and the call goes out once more: a refusal
 * means that nothing was done. A stream from the client cannot be sent again; its next call has the newer credential.
 */
export async function sendAuthorized<R>(
  credentials: CallCredentials,
  { end, mayRepeat }: AuthorizedCall,
  send: (fields: Readonly<Record<string, string>>) => Promise<R>,
): Promise<R> {
  const held = await end.wait(credentials.current())
  try {
    return await send(fieldsOf(held))
  } catch (error) {
    if (!isRefusal(error, credentials)) throw error
    const renewed = await end.wait(credentials.renew(held))
    if (renewed.generation === held.generation || !mayRepeat) throw explain(error)
    return await send(fieldsOf(renewed)).catch((second: unknown) => {
      throw isRefusal(second, credentials) ? explain(second) : second
    })
  }
}

function fieldsOf({ headers }: HeldCredential): Readonly<Record<string, string>> {
  return Object.fromEntries(headers)
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
