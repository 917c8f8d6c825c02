import { requireOwnSandbox } from '../auth/authenticator.js'
import type { Principal } from '../auth/principal.js'
import { invalidArgument, notFound, permissionDenied } from '../errors/status-error.js'
import type { GatewayStore, LogLineRecord } from '../store/gateway-store.js'
import { logFilter } from './log-filter.js'

const linesPerBatch = 100
const defaultLines = 2_000

/** Some lines that a supervisor pushes. */
export interface LogBatch {
  readonly sandboxId: string
  readonly lines: readonly Omit<LogLineRecord, 'source'>[]
}

/**
 * Takes a supervisor's lines; a batch without a sandbox is dropped, and of each batch only the first 100 lines are kept.
 *
 * @throws StatusError PERMISSION_DENIED for the lines of another sandbox.
 */
export async function takeLogs<Batch>(
  store: GatewayStore,
  principal: Principal,
  batches: AsyncIterator<Batch>,
  read: (batch: Batch) => LogBatch,
): Promise<void> {
  let sandboxId = ''
  for (let batch = await batches.next(); !batch.done; batch = await batches.next()) {
    const { sandboxId: id, lines } = read(batch.value)
    if (id === '') continue
    if (sandboxId === '') {
      requireOwnSandbox(principal, id)
      if (!store.sandboxes.get(id)) throw notFound('sandbox not found')
      sandboxId = id
    }
    if (id !== sandboxId) throw permissionDenied('log stream sandbox_id changed after validation')
    // The stream may outlive its sandbox, whose lines nobody could read or forget any more.
    if (!store.sandboxes.get(sandboxId)) continue
    for (const line of lines.slice(0, linesPerBatch)) store.logs.push(sandboxId, { ...line, source: 'sandbox' })
  }
}

/** Which lines of a sandbox's log a caller wants. */
export interface LogQuery {
  /** How many of the newest lines are looked at; 0 means 2000. */
  readonly lines: number
  /** Milliseconds since 1970. */
  readonly sinceMs: bigint
  readonly sources: readonly string[]
  readonly minLevel: string
}

/** The lines that a caller wants, oldest first, and how many were looked at. */
export function readLogs({ logs }: GatewayStore, sandboxId: string, query: LogQuery) {
  const wanted = logFilter({ logSources: query.sources, logMinLevel: query.minLevel })
  const tail = logs.tail(sandboxId, query.lines || defaultLines)
  const lines = tail.filter((line) => line.timestampMs >= query.sinceMs && wanted(line))
  return { lines, bufferTotal: tail.length }
}

/** @throws StatusError INVALID_ARGUMENT without an id, NOT_FOUND without such a sandbox. */
export function requireLogged({ sandboxes }: GatewayStore, sandboxId: string): void {
  if (sandboxId === '') throw invalidArgument('sandbox_id is required')
  if (!sandboxes.get(sandboxId)) throw notFound('sandbox not found')
}
