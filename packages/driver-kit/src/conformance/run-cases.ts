import { CaseFailure, CaseSkip, CaseUnsupported } from './case-outcome.js'
import type { ConformanceCase } from './conformance-case.js'
import type { ConformanceResult } from './conformance-report.js'
import { ConformanceSession } from './conformance-session.js'
import { storyOf } from './sandbox-story.js'

/** How cases are run. */
export interface RunCasesOptions {
  /** How many cases may run at the same time. */
  readonly concurrency: number
  /** Called with each result as it comes, which need not be the order of the cases. */
  readonly onResult: (result: ConformanceResult) => void
}

/**
 * Runs cases side by side, those that need the driver to themselves one after the other at the end. The results are in the
 * order of the cases; a case that was interrupted has none. `shared` is the session of the run.
 */
export async function runCases(
  shared: ConformanceSession,
  cases: readonly ConformanceCase[],
  { concurrency, onResult }: RunCasesOptions,
): Promise<readonly ConformanceResult[]> {
  const results = new Map<string, ConformanceResult>()
  const work = async (queue: ConformanceCase[]): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      const result = await runCase(one, shared)
      if (shared.run.options.signal?.aborted) return
      results.set(one.id, result)
      onResult(result)
    }
  }
  const alone = cases.filter(({ order }) => order === 'all')
  const fromStory = cases.filter(({ order }) => order === 'story')
  // The story goes its way while others run; the cases that only look at it come last.
  if (fromStory.length > 0) void storyOf(shared).catch(() => undefined)
  const queue = [...cases.filter(({ order }) => order === undefined), ...fromStory]
  await Promise.all(Array.from({ length: concurrency }, () => work(queue)))
  await work([...alone])
  return cases.flatMap(({ id }) => results.get(id) ?? [])
}

async function runCase(one: ConformanceCase, shared: ConformanceSession): Promise<ConformanceResult> {
  const { id, title, section, rule, change, level } = one
  const started = performance.now()
  const verdict = await judge(one, shared)
  const durationMs = Math.round(performance.now() - started)
  const description = { id, title, section, rule, change, ...(level === undefined ? {} : { level }) }
  return { ...description, line: shared.line, durationMs, ...verdict }
}

async function judge(
  one: ConformanceCase,
  shared: ConformanceSession,
): Promise<Pick<ConformanceResult, 'outcome' | 'reason' | 'expected' | 'received'>> {
  const session = new ConformanceSession(shared.run, shared)
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
