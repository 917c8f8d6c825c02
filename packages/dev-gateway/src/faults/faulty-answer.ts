import type { CallContext, ResponseStream } from '../server/method-handlers.js'
import type { AnyHandler } from '../server/serve-call.js'
import { faultStatus } from './fault-status.js'
import type { DevGatewayFault } from './gateway-fault.js'
import { isLost } from './is-lost.js'

/** The answer of a call that does its work, and whose answer a fault keeps from the caller. */
export class FaultyAnswer {
  readonly #fault: DevGatewayFault
  readonly #context: CallContext
  readonly #responses: ResponseStream<never>
  readonly #supersede: (sandboxId: string) => void
  readonly #ended = new AbortController()
  #sent = 0

  /** `supersede` lets another session of a sandbox take over. */
  constructor(
    fault: DevGatewayFault,
    context: CallContext,
    responses: ResponseStream<never>,
    supersede: (sandboxId: string) => void,
  ) {
    this.#fault = fault
    this.#context = context
    this.#responses = responses
    this.#supersede = supersede
  }

  /** Runs the call. */
  async of(handler: AnyHandler, input: unknown): Promise<undefined> {
    const fault = this.#fault
    const signal = AbortSignal.any([this.#context.signal, this.#ended.signal])
    const responses = { open: () => this.#responses.open(), send: (message: never) => this.#send(message) }
    const work = (async () => {
      const output = await handler(input, { ...this.#context, signal }, responses)
      // One signature stands for the handlers of all methods, and so names no output; this one is the method's.
      if (output !== undefined && fault.effect !== 'status-after-commit') await this.#send(output as never)
    })()
    await Promise.race([work, aborted(this.#ended.signal)])
    work.catch(() => undefined)
    if (fault.effect === 'status-after-commit') throw faultStatus(fault)
    if (fault.effect === 'drop-after-commit') this.#context.dropConnection()
    if (fault.effect === 'half-open') await aborted(this.#context.signal)
    return undefined
  }

  async #send(message: never): Promise<void> {
    const fault = this.#fault
    if (this.#ended.signal.aborted) return
    this.#sent += 1
    if (fault.effect === 'drop-after-commit') {
      this.#context.dropConnection()
      return
    }
    if (fault.effect === 'half-open' && this.#sent > (fault.messages ?? 0)) {
      this.#responses.open()
      await aborted(this.#context.signal)
      return
    }
    if (!isLost(fault, message, this.#sent)) await this.#responses.send(message)
    const { principal } = this.#context
    if (fault.effect === 'superseded' && this.#sent === (fault.messages ?? 1) && principal.type === 'sandbox') {
      this.#supersede(principal.sandboxId)
    }
    if (fault.effect === 'end-early' && this.#sent >= (fault.messages ?? 1)) this.#ended.abort()
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
