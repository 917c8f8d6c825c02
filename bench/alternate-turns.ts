import type { Timing } from './comparison.js'
import { summarizeSamples } from './summarize-samples.js'

/** Something slow to measure. */
export interface SlowTask {
  readonly name: string
  run(): Promise<unknown>
}

/** Options of `alternateTurns`. */
export interface AlternateTurnsOptions {
  /** How often each task gets its turn. */
  readonly rounds: number
  /** How many calls, one after the other, make a turn; a sample is their mean. @default 1 */
  readonly callsATurn?: number
}

/** Measures tasks in alternating turns, so that a slow phase of the machine hits all of them; the first round warms up. */
export async function alternateTurns<const Tasks extends readonly SlowTask[]>(
  tasks: Tasks,
  { rounds, callsATurn = 1 }: AlternateTurnsOptions,
): Promise<{ readonly [Index in keyof Tasks]: Timing }> {
  const samples = tasks.map((): number[] => [])
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, task] of tasks.entries()) {
      const startedAt = performance.now()
      for (let call = 0; call < callsATurn; call += 1) await task.run()
      if (round > 0) samples[index]?.push((performance.now() - startedAt) / callsATurn)
    }
  }
  const timings = tasks.map(({ name }, index) => summarizeSamples(name, samples[index] ?? []))
  return timings as { readonly [Index in keyof Tasks]: Timing }
}
