import type { CallCredentials } from '../auth/call-credentials.js'
import { sendAuthorized } from './authorized-call.js'
import { type CallInterceptor, runInterceptors } from './call-interceptor.js'
import type { CallAround, OutgoingGrpcCall, SendCall } from './grpc/grpc-transport.js'

/** What stands between a client and the wire. */
export interface CallAroundOptions {
  /** Run around each call, outermost first. */
  readonly interceptors: readonly CallInterceptor[]
  /** What is sent with each call; absent when nothing is. */
  readonly credentials: CallCredentials | undefined
  /** Names the client, unless an interceptor names another. */
  readonly userAgent: string
}

/**
 * Sends calls through the interceptors, and with the credential. That comes last, so that it cannot be replaced by mistake, and a
 * renewed one is not a further attempt. Undefined when nothing is to be done.
 */
export function createCallAround({ interceptors, credentials, userAgent }: CallAroundOptions): CallAround | undefined {
  if (interceptors.length === 0 && !credentials) return undefined
  const authorize = <R>(call: OutgoingGrpcCall, send: SendCall<R>, fields: OutgoingGrpcCall['fields']) =>
    credentials ? sendAuthorized(credentials, call, (more) => send({ ...fields, ...more })) : send(fields)
  if (interceptors.length === 0) return (call, send) => authorize(call, send, call.fields)
  return (call, send) => {
    const headers = new Headers({ 'user-agent': userAgent, ...call.fields })
    const outgoing = { rpc: call.method.name, headers, signal: call.end.signal }
    return runInterceptors(interceptors, outgoing, () => authorize(call, send, Object.fromEntries(headers)))
  }
}
