import { Compile } from 'typebox/compile'
import { Errors } from 'typebox/value'
import { type Comparison, fasterAtLeast } from '../comparison.js'
import { measureTasks } from '../measure-tasks.js'
import { faultyBlock, realisticConfig, realisticSchema } from './realistic-config.js'

/** The way of a bad block: the full report, against the errors of the schema library. */
export async function reportFaults(): Promise<Comparison> {
  const result = realisticConfig.safeParse(faultyBlock)
  if (result.ok || result.issues.length !== 3) throw new Error('The block of the benchmark has to have three faults.')
  const typeBox = Compile(realisticSchema)
  const timings = await measureTasks(
    [
      { name: 'safeParse', run: () => realisticConfig.safeParse(faultyBlock) },
      { name: 'TypeBox Errors', run: () => Errors(realisticSchema, faultyBlock) },
      { name: 'TypeBox compiled Errors', run: () => typeBox.Errors(faultyBlock) },
    ],
    { batch: 10 },
  )
  const [subject, errors, compiled] = timings
  if (subject === undefined || errors === undefined || compiled === undefined) throw new Error('A timing is missing.')
  return {
    title: 'report three faults in a block (35 leaves, 1.2 KB)',
    timings,
    verdicts: [fasterAtLeast(subject, errors, 5), fasterAtLeast(subject, compiled, 5)],
  }
}
