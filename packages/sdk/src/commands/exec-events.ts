import { isPassing } from '../errors/is-passing.js'
import { OpenShellError } from '../errors/openshell-error.js'
import { restateError } from '../errors/restate-error.js'
import type { Gateway } from '../transport/gateway.js'
import { linkSignals } from '../transport/linked-signal.js'
import type { ExecEvent } from '../wire/exec-event.js'
import type { WireCall } from '../wire/wire-call.js'
import type { WireCodec } from '../wire/wire-codec.js'
import type { CommandEvent } from './command-event.js'
import { toCommandExit } from './command-exit.js'
import { ExecResultUnknownError } from './exec-result-unknown-error.js'

// Connecting, logging in and waiting for the relay are not part of the remote limit.
const DEADLINE_MARGIN_MS = 45_000
// The gateway sends what is left within 500 ms of the exit, and then ends the stream.
const GRACE_AFTER_EXIT_MS = 2_000

// How the gateway says that it lost a command that was running.
const LOST_EXIT = 'before the command reported an exit status'

type ExitEvent = Omit<Extract<CommandEvent, { type: 'exit' }>, 'outputComplete' | 'outputError'>

/** One command on its way. */
export interface ExecPlan {
  readonly rpc: 'ExecSandbox' | 'ExecSandboxInteractive'
  readonly sandboxName: string
  /** Limit of the remote command; 0 means none. */
  readonly timeoutMs: number
  /** The caller's own id of this run; one is made when absent, on a line that keeps ids. */
  readonly requestId?: string | undefined
  open(codec: WireCodec, call: WireCall): AsyncIterable<ExecEvent>
  /** Runs when the exit is known and the stream still open. */
  onExit?(): void
  /** Runs when nothing more is read. */
  onEnd?(): void
}

/** Runs a command and yields its events, the exit last. Throws `ExecResultUnknownError` when there is no exit event. */
export async function* execEvents(
  gateway: Gateway,
  plan: ExecPlan,
  ...signals: readonly (AbortSignal | undefined)[]
): AsyncGenerator<CommandEvent, void, undefined> {
  const link = linkSignals(...signals)
  const scope = {
    rpc: plan.rpc,
    sandboxName: plan.sandboxName,
    signal: link.signal,
    deadlineMs: plan.timeoutMs === 0 ? 0 : plan.timeoutMs + DEADLINE_MARGIN_MS,
    timeoutOption: 'timeoutMs and 45 s',
    mutates: true,
    requestId: plan.requestId,
    // What an interactive command was sent cannot be sent again.
    ...(plan.rpc === 'ExecSandbox' ? { mayReopen: cameBeforeStart } : {}),
  }
  const stream = gateway.stream(scope, (codec, call) => plan.open(codec, call))
  const startedAt = performance.now()
  let started = false
  try {
    for (let next = await stream.next(); !next.done; next = await stream.next()) {
      started = true
      if (next.value.type === 'exit') {
        plan.onExit?.()
        const { type, exitCode } = next.value
        const durationMs = performance.now() - startedAt
        const exit = toCommandExit(exitCode, { limitMs: plan.timeoutMs, durationMs })
        return yield* drain(stream, { type, exitCode, exit }, link.abort)
      }
      yield next.value
    }
  } catch (error) {
    throw mayHaveRun(error, started) ? resultUnknown(plan, error) : toldBeforeStart(error)
  } finally {
    link.abort()
    link.release()
    plan.onEnd?.()
    await stream.return()
  }
  throw resultUnknown(plan, undefined)
}

async function* drain(
  stream: AsyncGenerator<ExecEvent, void, undefined>,
  exit: ExitEvent,
  stop: () => void,
): AsyncGenerator<CommandEvent, void, undefined> {
  let outlasted = false
  const timer = setTimeout(() => {
    outlasted = true
    stop()
  }, GRACE_AFTER_EXIT_MS)
  let outputComplete = true
  let outputError: OpenShellError | undefined
  try {
    for (let next = await stream.next(); !next.done; next = await stream.next()) {
      if (next.value.type !== 'exit') yield next.value
    }
  } catch (error) {
    // The result is known; what may be missing is the end of the output.
    outputComplete = false
    if (error instanceof OpenShellError && !outlasted) outputError = error
  } finally {
    clearTimeout(timer)
  }
  yield { ...exit, outputComplete, ...(outputError && { outputError }) }
}

// Failures of the way to the sandbox, after which the command is sent again. On line 0.1 its id keeps it from running twice, should
// the text be misleading; on line 0.0 the text has to be one of those that come before the start alone.
function cameBeforeStart(error: OpenShellError): boolean {
  if (error.kind === 'unavailable' && !error.dispatched) return true
  if (error.message.includes(LOST_EXIT)) return false
  return isRelayFailure(error) || (error.requestId !== undefined && error.code === 'UNAVAILABLE')
}

// The way to the sandbox was not there, which is found out before a command starts.
function isRelayFailure(error: OpenShellError): boolean {
  return /supervisor relay failed|relay open timed out/.test(error.message) && isPassing(error)
}

function toldBeforeStart(error: unknown): unknown {
  if (!(error instanceof OpenShellError) || !isRelayFailure(error)) return error
  return restateError(error, { dispatched: false, retryable: true, hint: 'The command has not run: run it again.' })
}

// Refusals come before the command starts; everything else leaves open what became of it.
function mayHaveRun(error: unknown, started: boolean): boolean {
  if (!(error instanceof OpenShellError) || error.kind === 'aborted' || error.kind === 'closed') return false
  if (error.cause instanceof Error && error.cause.name === 'TimeoutError') return false
  const lost = error.code === undefined && error.dispatched
  return started || lost || error.message.includes(LOST_EXIT)
}

function resultUnknown({ rpc, sandboxName }: ExecPlan, cause: unknown): ExecResultUnknownError {
  const why =
    cause instanceof OpenShellError ? ` (${cause.plainMessage.replace(`${rpc}: `, '').replace(/\.$/, '')})` : ''
  return new ExecResultUnknownError({
    message: `${rpc}: the stream ended before the exit of the command was reported${why}.`,
    rpc,
    sandboxName,
    stdout: new Uint8Array(),
    stderr: new Uint8Array(),
    cause,
  })
}
