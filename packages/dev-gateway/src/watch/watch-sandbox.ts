import { logFilter } from '../logs/log-filter.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import { EventQueue } from '../server/event-queue.js'
import type { GatewayStore, LogLineRecord, PlatformEventRecord } from '../store/gateway-store.js'

/** What is told about a sandbox. */
export type SandboxEvent =
  | { readonly type: 'status'; readonly row: SandboxRow }
  | { readonly type: 'log'; readonly line: LogLineRecord }
  | { readonly type: 'platform'; readonly event: PlatformEventRecord }
  /** Events came faster than they were taken; so many are lost. */
  | { readonly type: 'lagged'; readonly dropped: number }
  | { readonly type: 'removed' }

/** What a caller wants to be told. */
export interface WatchOptions {
  readonly followStatus: boolean
  readonly followLogs: boolean
  readonly followEvents: boolean
  /** How many old log lines come first. */
  readonly logTailLines: number
  /** How many old platform events come first; 0 means none. */
  readonly eventTail: number
  readonly logSources: readonly string[]
  readonly logMinLevel: string
  /** Old lines before this time are left out; milliseconds since 1970. */
  readonly logSinceMs: bigint
  /** Ends the stream after a status for which it holds; the first status is asked too. */
  readonly endsAfter: (row: SandboxRow) => boolean
  /** Old lines and events at or before this position are left out. Absent to take the tails as they are. */
  readonly afterPosition?: number | undefined
  readonly signal: AbortSignal
}

const queueCapacity = 1_152

/**
 * Follows a sandbox: its row, then what was, then what comes, each kind only when it is wanted. Ends with `removed`, when the
 * caller is gone, or when `endsAfter` says so; whoever hears `lagged` may go on or leave.
 */
export async function* watchSandbox(
  store: GatewayStore,
  row: SandboxRow,
  options: WatchOptions,
): AsyncGenerator<SandboxEvent, undefined> {
  const queue = new EventQueue<SandboxEvent>(queueCapacity)
  const stop = follow(store, row.id, options, queue)
  // Taken before the reader can be slow: what comes from here on waits in the queue, and must not be in both.
  const old = [...tail(store, row.id, options)]
  options.signal.addEventListener('abort', () => queue.end(), { once: true })
  try {
    yield { type: 'status', row }
    if (options.endsAfter(row)) return
    yield* old
    for (;;) {
      const event = await queue.next()
      if (event === undefined) {
        const dropped = queue.takeDropped()
        if (dropped === 0) return
        yield { type: 'lagged', dropped }
        continue
      }
      yield event
      if (event.type === 'removed' || (event.type === 'status' && options.endsAfter(event.row))) return
    }
  } finally {
    stop()
  }
}

function follow(store: GatewayStore, id: string, options: WatchOptions, queue: EventQueue<SandboxEvent>): () => void {
  const { followStatus, followLogs, followEvents } = options
  const wanted = logFilter(options)
  const stops = [
    store.sandboxes.subscribe(id, (event) => {
      if (event.type === 'written') {
        if (followStatus) queue.push({ type: 'status', row: event.row })
      } else if (followStatus || followLogs || followEvents) queue.push({ type: 'removed' })
    }),
  ]
  if (followLogs) stops.push(store.logs.subscribe(id, (line) => wanted(line) && queue.push({ type: 'log', line })))
  if (followEvents) {
    stops.push(store.platformEvents.subscribe(id, (event) => queue.push({ type: 'platform', event })))
  }
  return () => {
    for (const stop of stops) stop()
    queue.end()
  }
}

function* tail({ logs, platformEvents }: GatewayStore, id: string, options: WatchOptions): Generator<SandboxEvent> {
  const { afterPosition = 0, followLogs, followEvents, logSinceMs } = options
  if (followLogs) {
    const wanted = logFilter(options)
    for (const line of logs.tail(id, options.logTailLines)) {
      if (line.timestampMs < logSinceMs || logs.positionOf(line) <= afterPosition) continue
      if (wanted(line)) yield { type: 'log', line }
    }
  }
  if (!followEvents) return
  for (const event of platformEvents.tail(id, options.eventTail)) {
    if (platformEvents.positionOf(event) > afterPosition) yield { type: 'platform', event }
  }
}
