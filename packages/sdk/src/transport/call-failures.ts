import { OpenShellError } from '../errors/openshell-error.js'
import { restateError } from '../errors/restate-error.js'
import type { CallBounds } from './call-bounds.js'
import type { MutationScope, SentScope } from './call-scope.js'
import { abortFields, classifyConnectError, closedFields } from './classify-connect-error.js'
import type { LineCheck } from './line-check.js'
import type { Attempt } from './repeat-call.js'
import type { RpcContext } from './rpc-context.js'

/** The call that tells the version. */
export const HEALTH = 'Health'

/** What the failures of a gateway's calls are told with. */
export interface CallFailuresOptions {
  readonly bounds: CallBounds
  readonly line: LineCheck
  /** The address of the gateway. */
  readonly endpoint: string
}

/** Says why calls fail: with what was called, how often, by which version, and who ended it. */
export class CallFailures {
  readonly #options: CallFailuresOptions

  constructor(options: CallFailuresOptions) {
    this.#options = options
  }

  /** The error of an attempt. An answer of the other line makes the line unknown. */
  classify(error: unknown, scope: SentScope, attempt: Attempt, timeoutOption: string): OpenShellError {
    const classified = classifyConnectError(error, this.#context(scope, attempt, timeoutOption))
    if (classified.kind === 'wire-mismatch') this.#options.line.forget()
    return classified
  }

  /** The error of the look at the version that a call would not go out without: the call itself was not sent. */
  unchecked(error: unknown, scope: MutationScope, attempt: Attempt): OpenShellError {
    const failure = this.classify(error, { ...scope, repeatable: true }, attempt, 'requestTimeoutMs')
    const { dispatchedBefore: dispatched } = attempt
    if (scope.rpc === HEALTH || failure.dispatched === dispatched) return failure
    return restateError(failure, { dispatched, retryable: failure.retryable && !dispatched })
  }

  /** Throws when the caller has aborted or the client is closed. */
  assertOpen(scope: MutationScope, attempts: number): void {
    if (!scope.signal?.aborted && !this.#options.bounds.areOver) return
    const attempt = { number: attempts, timeoutMs: Number.POSITIVE_INFINITY, dispatchedBefore: false }
    const context = this.#context({ ...scope, repeatable: false }, attempt, 'requestTimeoutMs')
    const { rpc, sandboxName, gatewayVersion, requestId, signal, closed } = context
    const common = { rpc, sandboxName, gatewayVersion, requestId, attempts }
    if (signal?.aborted) throw new OpenShellError({ ...common, ...abortFields(signal.reason, context) })
    if (closed.aborted) throw new OpenShellError({ ...common, ...closedFields(context) })
  }

  /** The error of a change that a gateway took which is no longer there. */
  replaced({ rpc, sandboxName, requestId }: MutationScope, { number, dispatchedBefore }: Attempt): OpenShellError {
    return new OpenShellError({
      kind: 'outcome-uncertain',
      message: `${rpc}: the gateway was replaced by one that keeps no request ids before it answered.`,
      hint: 'Read the state, and repeat the call if it had no effect.',
      rpc,
      sandboxName,
      requestId,
      gatewayVersion: this.#options.line.version,
      attempts: number - 1,
      dispatched: dispatchedBefore,
    })
  }

  #context(scope: SentScope, attempt: Attempt, timeoutOption: string): RpcContext {
    const { bounds, line, endpoint } = this.#options
    return {
      ...scope,
      signal: bounds.askedBy(scope.signal),
      closed: bounds.closed,
      attempts: attempt.number,
      dispatchedBefore: attempt.dispatchedBefore,
      timeoutOption,
      endpoint,
      gatewayVersion: line.version,
      decodeDetails: line.codec?.decodeDetails,
    }
  }
}
