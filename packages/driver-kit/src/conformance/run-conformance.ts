import { once } from 'node:events'
import { connect } from 'node:net'
import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import { CaseFailure, CaseSkip, CaseUnsupported } from './case-outcome.js'
import { configCases } from './config-cases.js'
import type { ConformanceCase, WireLine } from './conformance-case.js'
import { ConformanceError } from './conformance-error.js'
import { type ConformanceReport, type ConformanceResult, toReport } from './conformance-report.js'
import { ConformanceSession } from './conformance-session.js'
import { handshakeCases } from './handshake-cases.js'
import { idempotencyCases } from './idempotency-cases.js'
import { lifecycleCases } from './lifecycle-cases.js'
import { type PublishedIndex, readPublishedIndex } from './published-index.js'
import { restartCases } from './restart-cases.js'
import { isSchema, sampleValue } from './sample-value.js'
import { schemaAccepts } from './schema-validator.js'
import { statusCases } from './status-cases.js'
import { watchCases } from './watch-cases.js'

/** How a driver is examined. */
export interface RunConformanceOptions {
  /**
   * The line of the gateway that the suite speaks as.
   *
   * @default '0.0'
   */
  readonly line?: WireLine
  /** The driver's published schemas: what its `config schema` prints. Without them the cases made from them are skipped. */
  readonly index?: unknown
  /** Ends the driver and starts it again on the same socket and state; resolves when it serves. Without it those cases are skipped. */
  readonly restart?: () => Promise<void>
  /** Only this group (`watch`) or this case (`watch/live`); all when absent. */
  readonly filter?: string
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
  /** Ends the run between two cases; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

const waiting = ['/bin/sh', '-c', 'trap "exit 0" TERM; while :; do sleep 1 & wait; done']

/**
 * Examines a driver in any language on its socket, as a gateway would use it. It creates sandboxes and deletes them again;
 * other sandboxes are left alone.
 *
 * @throws ConformanceError when no driver answers, the published schemas cannot be read, or the filter matches no case.
 */
export async function runConformance(
  socketPath: string,
  options: RunConformanceOptions = {},
): Promise<ConformanceReport> {
  const { line = '0.0', image = '', command = waiting, timeoutMs = 60_000, restart, signal } = options
  const index = options.index === undefined ? undefined : readPublishedIndex(options.index)
  const cases = conformanceCases(index).filter((one) => isSelected(one, line, options.filter))
  if (cases.length === 0) {
    throw new ConformanceError('no-such-case', `No case matches "${options.filter}"; write a group or GROUP/CASE.`)
  }
  const block = neededBlock(index)
  const session = new ConformanceSession({ socketPath, line, image, command, timeoutMs, restart, block })
  try {
    const driver = await meet(session, socketPath)
    const results: ConformanceResult[] = []
    for (const one of cases) {
      signal?.throwIfAborted()
      results.push(await runCase(one, session))
    }
    return toReport(driver, line, results)
  } finally {
    await session.cleanUp()
    session.close()
  }
}

/** All cases, as data. */
export function conformanceCases(index: PublishedIndex | undefined): readonly ConformanceCase[] {
  return [
    ...handshakeCases,
    ...lifecycleCases,
    ...idempotencyCases,
    ...watchCases,
    ...statusCases,
    ...configCases(index),
    ...restartCases,
  ]
}

function isSelected({ id, lines }: ConformanceCase, line: WireLine, filter: string | undefined): boolean {
  const onLine = lines === undefined || lines.includes(line)
  return onLine && (filter === undefined || id === filter || id.startsWith(`${filter.replace(/\/$/, '')}/`))
}

// A config with required fields in its baseline makes a block necessary for every sandbox.
function neededBlock(index: PublishedIndex | undefined): JsonObject | undefined {
  const baseline = index?.schemas.find(({ version }) => version === index.versions.baseline)
  const current = index?.schemas.at(-1)
  if (current === undefined || (baseline !== undefined && schemaAccepts(baseline.schema, {}))) return undefined
  const block = sampleValue(current.schema)
  return isSchema(block) ? { ...block, schema_version: current.version } : undefined
}

async function meet(session: ConformanceSession, socketPath: string): Promise<ConformanceReport['driver']> {
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
  const outcome = await session.call('getCapabilities', {})
  if (!outcome.ok) return { name: 'unknown', version: 'unknown' }
  return { name: outcome.answer.driverName, version: outcome.answer.driverVersion }
}

async function runCase(one: ConformanceCase, session: ConformanceSession): Promise<ConformanceResult> {
  const { id, title, rule, level } = one
  const started = performance.now()
  const verdict = await judge(one, session)
  const durationMs = Math.round(performance.now() - started)
  return { id, title, rule, ...(level === undefined ? {} : { level }), durationMs, ...verdict }
}

async function judge(
  one: ConformanceCase,
  session: ConformanceSession,
): Promise<Pick<ConformanceResult, 'outcome' | 'reason' | 'expected' | 'received'>> {
  try {
    await one.run(session)
    return { outcome: 'pass' }
  } catch (error) {
    if (error instanceof CaseSkip) return { outcome: 'skip', reason: error.message }
    if (error instanceof CaseUnsupported) return { outcome: 'unsupported', reason: error.message }
    if (!(error instanceof CaseFailure)) throw error
    return { outcome: 'fail', expected: error.expected, received: error.received }
  } finally {
    await session.cleanUp()
  }
}
