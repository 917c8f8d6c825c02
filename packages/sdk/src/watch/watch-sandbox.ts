import { findFate } from '../calls/find-fate.js'
import { OpenShellError } from '../errors/openshell-error.js'
import type { SandboxPhase } from '../model/sandbox-info.js'
import type { CallScope } from '../transport/call-scope.js'
import type { Gateway } from '../transport/gateway.js'
import { linkSignals } from '../transport/linked-signal.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import type { WatchRequest, WireWatchEvent } from '../wire/watch-calls.js'
import { awaitEnd } from './await-end.js'
import { CredentialPatience } from './credential-patience.js'
import type { WatchEvent } from './watch-event.js'
import type { WatchOptions } from './watch-options.js'
import { WatchPosition } from './watch-position.js'

const MIN_DELAY_MS = 250
const MAX_DELAY_MS = 10_000

/**
 * Follows a sandbox until it is deleted, over lost connections and tokens that expire. Nothing is buffered here: a slow reader slows
 * the stream, and what the gateway drops then shows as a `gap`. With `isLast` it ends after a state in such a phase, where the
 * gateway can end the stream at all of its terminal phases.
 */
export async function* watchSandbox(
  gateway: Gateway,
  address: SandboxAddress,
  options: WatchOptions,
  isLast: (phase: SandboxPhase) => boolean = () => false,
): AsyncGenerator<WatchEvent, void, undefined> {
  const { signal } = options
  const scope = { rpc: 'WatchSandbox', sandboxName: address.name, signal }
  const position = new WatchPosition(options)
  const credential = new CredentialPatience()
  for (let attempt = 0; ; attempt += 1) {
    const link = linkSignals(signal)
    let lost: OpenShellError | undefined
    try {
      const stream = openStream(gateway, { ...scope, signal: link.signal }, address, position.toRequest(), isLast)
      for await (const { event, ends } of stream) {
        if (attempt > 0) yield { type: 'reconnected', attempt }
        attempt = 0
        credential.heard()
        // Line 0.1 goes by the name; the first event is always a state.
        if (event.type === 'status' && event.info.id !== address.id) {
          yield { type: 'deleted', replacedBy: event.info.id }
          return
        }
        if (ends) await awaitEnd(stream, link.abort)
        yield* position.accept(event)
        if (ends) return
      }
    } catch (error) {
      if (!(error instanceof OpenShellError)) throw error
      const lostCursor = position.resumes && isOfAnotherRun(error)
      if (!lostCursor && !mayReopen(error) && !credential.mayHaveExpired(error)) throw error
      lost = error
      if (lostCursor) position.loseCursor()
      if (lostCursor) yield { type: 'gap', reason: 'cursor-lost' }
      if (isLag(error)) yield { type: 'gap', reason: 'lagged' }
    } finally {
      link.release()
    }
    // Who has not answered may be long in answering the next question too.
    const cut = lost?.code === undefined ? lost : undefined
    if (attempt === 0 && cut) yield disconnected(cut)
    const fate = await findFate(gateway, address, signal)
    if (fate.type === 'gone') {
      yield fate.replacedBy === undefined ? { type: 'deleted' } : { type: 'deleted', replacedBy: fate.replacedBy }
      return
    }
    if (attempt === 0 && !cut) yield disconnected(fate.type === 'unreachable' ? fate.error : lost)
    await gateway.pause(reopenDelayMs(attempt + 1), scope)
    position.reopen()
  }
}

async function* openStream(
  gateway: Gateway,
  scope: CallScope,
  address: SandboxAddress,
  request: WatchRequest,
  isLast: (phase: SandboxPhase) => boolean,
): AsyncGenerator<{ readonly event: WireWatchEvent; readonly ends: boolean }, void, undefined> {
  const streamScope = { ...scope, deadlineMs: 0, timeoutOption: '', mutates: false }
  let endsAt: readonly SandboxPhase[] = []
  const events = gateway.stream(streamScope, ({ watch }, call) => {
    const { terminalPhases } = watch
    const stopOnTerminal = terminalPhases.every(isLast)
    endsAt = stopOnTerminal ? terminalPhases : []
    return watch.watch(address, { ...request, stopOnTerminal }, call)
  })
  for await (const event of events) yield { event, ends: event.type === 'status' && endsAt.includes(event.info.phase) }
}

function disconnected(error: OpenShellError | undefined): WatchEvent {
  return error === undefined ? { type: 'disconnected' } : { type: 'disconnected', error }
}

// NOT_FOUND is looked into, because it is how a deletion shows to a watch that was being reopened; after a mismatch the look asks
// for the gateway's version again.
function mayReopen({ kind }: OpenShellError): boolean {
  return kind === 'unavailable' || kind === 'resource-exhausted' || kind === 'not-found' || kind === 'wire-mismatch'
}

// A cursor of an earlier run of the gateway, or one that it takes for another sandbox's.
function isOfAnotherRun({ code }: OpenShellError): boolean {
  return code === 'OUT_OF_RANGE' || code === 'INVALID_ARGUMENT'
}

function isLag({ kind, message }: OpenShellError): boolean {
  return kind === 'resource-exhausted' && message.includes('lagged')
}

function reopenDelayMs(attempt: number): number {
  const bound = Math.min(MAX_DELAY_MS, MIN_DELAY_MS * 2 ** Math.min(attempt, 10))
  return bound / 2 + (Math.random() * bound) / 2
}
