import type { Gateway } from '../transport/gateway.js'
import type { ExecFeatures, InteractiveRequest } from '../wire/exec-calls.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import type { WireCall } from '../wire/wire-call.js'
import type { WireCodec } from '../wire/wire-codec.js'
import type { CommandEvent } from './command-event.js'
import { execEvents } from './exec-events.js'
import { feedInput } from './feed-input.js'
import type { InputQueue } from './input-queue.js'

// Output follows an exit for 500 ms at most. After a time limit, line 0.0 waits for the end of the inputs to end the stream.
const OUTPUT_AFTER_EXIT_MS = 600

/** An interactive command on its way. */
export interface InteractiveParts {
  readonly gateway: Gateway
  readonly address: SandboxAddress
  readonly request: InteractiveRequest
  readonly inputs: InputQueue
  readonly features: ExecFeatures
  /** All of the input, where it is known beforehand; otherwise the queue is the caller's. */
  readonly pieces?: AsyncIterable<Uint8Array>
  /** The caller's own id of this run. */
  readonly requestId?: string | undefined
}

/** Runs an interactive command and yields its events, the exit last. What the source of its input throws ends the reading. */
export async function* interactiveEvents(
  { gateway, address, request, inputs, features, pieces, requestId }: InteractiveParts,
  ...signals: readonly (AbortSignal | undefined)[]
): AsyncGenerator<CommandEvent, void, undefined> {
  const failed = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const plan = {
    rpc: 'ExecSandboxInteractive' as const,
    sandboxName: address.name,
    timeoutMs: request.timeoutMs,
    requestId,
    open: (codec: WireCodec, call: WireCall) => codec.exec.interact(address, request, inputs, call),
    onExit() {
      timer = setTimeout(() => inputs.end(), features.inputEnds ? 0 : OUTPUT_AFTER_EXIT_MS)
    },
    onEnd() {
      clearTimeout(timer)
      inputs.fail(new Error('The command takes no more input.'))
    },
  }
  if (pieces) void feedInput(pieces, inputs).catch((error: unknown) => failed.abort(error))
  try {
    yield* execEvents(gateway, plan, failed.signal, ...signals)
  } catch (error) {
    throw failed.signal.aborted ? failed.signal.reason : error
  }
}
