import { OpenShellError } from '../errors.js'
import type { Gateway } from '../transport/gateway.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import type { WatchRequest, WireWatchEvent } from '../wire/watch-calls.js'
import { findFate } from './find-fate.js'
import { ReplayFilter } from './replay-filter.js'
import type { WatchEvent } from './watch-event.js'
import type { WatchOptions } from './watch-options.js'

const MIN_DELAY_MS = 250
const MAX_DELAY_MS = 10_000
// Enough to reach back over a short loss of the connection; the gateway keeps no more.
const RESUMED_LOG_TAIL = 2_000
const RESUMED_EVENT_TAIL = 50

/**
 * Follows a sandbox until it is deleted, over lost connections. Nothing is buffered here: a slow reader slows the stream, and
 * what the gateway drops then shows as a `gap`.
 */
export async function* watchSandbox(
  gateway: Gateway,
  address: SandboxAddress,
  options: WatchOptions,
): AsyncGenerator<WatchEvent, void, undefined> {
  const { signal } = options
  const scope = { rpc: 'WatchSandbox', sandboxName: address.name, signal }
  const logs = new ReplayFilter()
  const events = new ReplayFilter()
  for (let attempt = 0; ; attempt += 1) {
    const request = toRequest(options, logs, events)
    try {
      for await (const event of openStream(gateway, scope, address, request)) {
        if (attempt > 0) yield { type: 'reconnected', attempt }
        attempt = 0
        yield* filterReplay(event, logs, events)
      }
    } catch (error) {
      if (!(error instanceof OpenShellError) || !mayReopen(error)) throw error
      if (isLag(error)) yield { type: 'gap', reason: 'lagged' }
    }
    const fate = await findFate(gateway, address, signal)
    if (fate.type === 'gone') {
      yield fate.replacedBy === undefined ? { type: 'deleted' } : { type: 'deleted', replacedBy: fate.replacedBy }
      return
    }
    await gateway.pause(reopenDelayMs(attempt + 1), scope)
    logs.reopen()
    events.reopen()
  }
}

function openStream(
  gateway: Gateway,
  scope: { rpc: string; sandboxName: string; signal: AbortSignal | undefined },
  address: SandboxAddress,
  request: WatchRequest,
): AsyncGenerator<WireWatchEvent, void, undefined> {
  const streamScope = { ...scope, deadlineMs: 0, timeoutOption: '', mutates: false }
  return gateway.stream(streamScope, (codec, call) => codec.watch.watch(address, request, call))
}

function toRequest(options: WatchOptions, logs: ReplayFilter, events: ReplayFilter): WatchRequest {
  return {
    status: options.status ?? true,
    events: options.events ?? true,
    logs: options.logs ?? false,
    eventTail: events.delivered > 0 ? RESUMED_EVENT_TAIL : (options.eventTail ?? 0),
    logTailLines: logs.delivered > 0 ? RESUMED_LOG_TAIL : (options.logTailLines ?? 0),
    logSources: options.logSources ?? [],
    minimumLogLevel: options.minimumLogLevel ?? '',
    resumeAfterCursor: '',
  }
}

function* filterReplay(event: WireWatchEvent, logs: ReplayFilter, events: ReplayFilter): Generator<WatchEvent> {
  if (event.type === 'status') yield event
  if (event.type === 'status' || event.type === 'warning') return
  const verdict = event.type === 'log' ? logs.decide(event.line) : events.decide(event.event)
  if (verdict === 'gap') yield { type: 'gap', reason: 'buffer-trimmed' }
  if (verdict !== 'drop') yield event
}

// NOT_FOUND is looked into, because it is how a deletion shows to a watch that was being reopened.
function mayReopen({ kind }: OpenShellError): boolean {
  return kind === 'unavailable' || kind === 'resource-exhausted' || kind === 'not-found'
}

function isLag({ kind, message }: OpenShellError): boolean {
  return kind === 'resource-exhausted' && message.includes('lagged')
}

function reopenDelayMs(attempt: number): number {
  const bound = Math.min(MAX_DELAY_MS, MIN_DELAY_MS * 2 ** Math.min(attempt, 10))
  return bound / 2 + (Math.random() * bound) / 2
}
