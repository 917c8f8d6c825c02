import { once, setMaxListeners } from 'node:events'
import { connect } from 'node:net'
import { selectCases } from './all-cases.js'
import type { ConformanceCase } from './conformance-case.js'
import { ConformanceError } from './conformance-error.js'
import { type ConformanceReport, type ConformanceResult, toReport } from './conformance-report.js'
import { ConformanceRun, type ConformanceRunOptions } from './conformance-run.js'
import { ConformanceSession } from './conformance-session.js'
import { neededBlock, oldBlock } from './good-block.js'
import { readPublishedIndex } from './published-index.js'
import { runCases } from './run-cases.js'
import { type WireLine, wireLines } from './wire-line.js'

/** How a driver is examined. */
export interface RunConformanceOptions {
  /**
   * The lines of gateways that the suite speaks as, one after the other.
   *
   * @default both
   */
  readonly lines?: readonly WireLine[]
  /**
   * Ends the driver, best without a warning, and starts it again on the same socket and state; resolves when it serves.
   * Called once a line. Without it the cases of restarts are skipped; when it rejects, they fail.
   */
  readonly restart?: () => Promise<void>
  /** A published `conformance.json`, as text or as the JSON in it: each of its blocks becomes a case. None when absent. */
  readonly vectors?: unknown
  /** Only these groups (`watch`) and cases (`watch/live`); all when absent. */
  readonly only?: readonly string[]
  /**
   * The image that sandboxes ask for.
   *
   * @default '', as a gateway sends it when neither the client nor the driver names one
   */
  readonly image?: string
  /** The main process of sandboxes. It must go on until it is ended. A loop in `/bin/sh` when absent. */
  readonly command?: readonly string[]
  /**
   * How long one answer or one event may take.
   *
   * @default 60_000
   */
  readonly timeoutMs?: number
  /**
   * How many cases run at the same time, each with sandboxes of its own. `1` runs one after the other.
   *
   * @default 6
   */
  readonly concurrency?: number
  /** Ends the run: its sandboxes are removed, and the report has the cases that ran until then. */
  readonly signal?: AbortSignal
  /** Called with the number of all cases and each result as it comes. */
  readonly onResult?: (result: ConformanceResult, total: number) => void
}

const waiting = ['/bin/sh', '-c', 'trap "exit 0" TERM; while :; do sleep 1 & wait; done']

/**
 * Examines a driver in any language on its socket, as a gateway would use it. It creates sandboxes and deletes them again;
 * other sandboxes are left alone. `index` is what the driver's `config schema` prints; without it the cases that are made
 * from published schemas are skipped.
 *
 * @throws ConformanceError when no driver answers, the published schemas or vectors cannot be read, or `only` names no case.
 */
export async function runConformance(
  socketPath: string,
  index?: unknown,
  options: RunConformanceOptions = {},
): Promise<ConformanceReport> {
  const { lines = wireLines, only, vectors, signal, concurrency = 6, onResult = () => undefined } = options
  const published = index === undefined ? undefined : readPublishedIndex(index)
  const selected = selectCases(published, { lines, only, vectors })
  const total = [...selected.values()].reduce((sum, cases) => sum + cases.length, 0)
  await requireListener(socketPath)
  const { image = '', command = waiting, timeoutMs = 60_000, restart } = options
  const blocks = { block: neededBlock(published), oldBlock: oldBlock(published) }
  const ended = signal === undefined ? undefined : AbortSignal.any([signal])
  // Every running call listens; that many are no leak.
  if (ended !== undefined) setMaxListeners(0, ended)
  const shared = { socketPath, image, command, timeoutMs, restart, signal: ended, ...blocks }
  const results: ConformanceResult[] = []
  let driver: ConformanceReport['driver'] = { name: 'unknown', version: 'unknown' }
  for (const [line, cases] of selected) {
    if (signal?.aborted) break
    const report = (result: ConformanceResult) => onResult(result, total)
    const examined = await examineLine({ ...shared, line }, cases, { concurrency, onResult: report })
    results.push(...examined.results)
    driver = examined.driver ?? driver
  }
  return toReport({ driver, lines, results, interrupted: signal?.aborted === true })
}

async function examineLine(
  options: ConformanceRunOptions,
  cases: readonly ConformanceCase[],
  how: Parameters<typeof runCases>[2],
) {
  const run = new ConformanceRun(options)
  const shared = new ConformanceSession(run)
  try {
    const outcome = await shared.call('getCapabilities', {})
    const driver = outcome.ok ? { name: outcome.answer.driverName, version: outcome.answer.driverVersion } : undefined
    return { driver, results: await runCases(shared, cases, how) }
  } finally {
    await shared.cleanUp()
    run.close()
  }
}

async function requireListener(socketPath: string): Promise<void> {
  const connection = connect(socketPath)
  try {
    await once(connection, 'connect')
  } catch (cause) {
    throw new ConformanceError(
      'driver-unreachable',
      `No driver answers on ${socketPath}; start it first, and pass the path of its socket.`,
      cause,
    )
  } finally {
    connection.destroy()
  }
}
