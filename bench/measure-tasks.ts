import { Bench } from 'tinybench'
import type { Timing } from './comparison.js'
import { summarizeSamples } from './summarize-samples.js'

/** Something to measure. What it returns is kept, so that the engine cannot leave the work out. */
export interface BenchTask {
  readonly name: string
  run(): unknown
}

/** Options of `measureTasks`. */
export interface MeasureTasksOptions {
  /** Calls for one sample, for tasks that are faster than the clock. @default 1 */
  readonly batch?: number
  /** How often each task gets its turn; turns alternate, so that a slow phase of the machine hits all tasks. @default 5 */
  readonly rounds?: number
  /** How long one turn takes at least, in milliseconds. @default 200 */
  readonly turnMs?: number
}

let kept: unknown

/** Measures tasks against each other in one process. */
export async function measureTasks(
  tasks: readonly BenchTask[],
  { batch = 1, rounds = 5, turnMs = 200 }: MeasureTasksOptions = {},
): Promise<readonly Timing[]> {
  const samples = new Map<string, number[]>(tasks.map((task) => [task.name, []]))
  for (let round = 0; round < rounds; round += 1) {
    const bench = new Bench({ time: turnMs, warmupTime: turnMs / 4, throws: true, retainSamples: true })
    for (const task of tasks) {
      bench.add(task.name, () => {
        for (let call = 0; call < batch; call += 1) kept = task.run()
      })
    }
    await bench.run()
    for (const { name, result } of bench.tasks) {
      if (result.state !== 'completed') throw new Error(`"${name}" was not measured: it is ${result.state}.`)
      for (const sample of result.latency.samples ?? []) samples.get(name)?.push(sample / batch)
    }
  }
  return tasks.map(({ name }) => summarizeSamples(name, samples.get(name) ?? []))
}

/** What the last call returned. */
export function lastResult(): unknown {
  return kept
}
