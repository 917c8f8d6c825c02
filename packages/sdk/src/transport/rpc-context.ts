import type { StatusDetails } from '../wire/status-details.js'

/** What is known about a call when it fails. */
export interface RpcContext {
  /** Name of the remote procedure, such as `CreateSandbox`. */
  readonly rpc: string
  /** The sandbox that the call is about; absent when it is about none. */
  readonly sandboxName?: string | undefined
  /** The caller's own signal; absent when it gave none. */
  readonly signal?: AbortSignal | undefined
  /** The client's closing. */
  readonly closed: AbortSignal
  /** How many times the call was sent. */
  readonly attempts: number
  /** True when the gateway may have acted on an earlier attempt. */
  readonly dispatchedBefore?: boolean | undefined
  /** True when the same call may be made twice: it changes nothing, or happens once all the same. */
  readonly repeatable: boolean
  /** The id that lets the change happen once; absent for reads, and on a line that keeps none. */
  readonly requestId?: string | undefined
  /** The option that limits the call, for the text of a timeout, such as `requestTimeoutMs`. */
  readonly timeoutOption: string
  /** The address of the gateway. */
  readonly endpoint: string
  /** The gateway's version; absent before the first answer. */
  readonly gatewayVersion?: string | undefined
  /** Decodes the details of the status; absent before the wire line is known. */
  readonly decodeDetails?: ((header: string, code: number, message: string) => StatusDetails) | undefined
}
