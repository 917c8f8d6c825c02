import { Ajv } from 'ajv'
import { Compile } from 'typebox/compile'
import { type Comparison, fasterAtLeast, slowerAtMost } from '../comparison.js'
import { measureTasks } from '../measure-tasks.js'
import { realisticBlock, realisticConfig, realisticSchema } from './realistic-config.js'

/** The way of a good block: checked, completed with defaults and frozen, against libraries that do a part of that. */
export async function acceptBlock(): Promise<Comparison> {
  const typeBox = Compile(realisticSchema)
  // The union's branches have defaults, which ajv ignores there; strict mode would refuse the schema for them.
  const ajv = new Ajv({ useDefaults: true, strict: false }).compile(realisticSchema)
  const blocks = freshBlocks()
  const next = (): unknown => blocks.next().value
  const tasks = [
    { name: 'safeParse', run: () => realisticConfig.safeParse(next()) },
    { name: 'TypeBox compiled Check', run: () => typeBox.Check(next()) },
    { name: 'ajv with useDefaults on a structuredClone', run: () => ajv(structuredClone(next())) },
  ]
  expectAccepted([realisticConfig.safeParse(next()).ok, typeBox.Check(next()), ajv(structuredClone(next()))])
  const timings = await measureTasks(tasks, { batch: 100 })
  const [subject, check, cloned] = timings
  if (subject === undefined || check === undefined || cloned === undefined) throw new Error('A timing is missing.')
  return {
    title: 'accept a good block (35 leaves, 1.2 KB)',
    timings,
    verdicts: [slowerAtMost(subject, check, 3), fasterAtLeast(subject, cloned, 1)],
  }
}

/** Equal blocks that share nothing, in turn: as blocks from a wire are, none is the object that was seen before. */
function* freshBlocks(): Generator<unknown, never> {
  const blocks = Array.from({ length: 64 }, () => JSON.parse(JSON.stringify(realisticBlock)) as unknown)
  for (;;) yield* blocks
}

function expectAccepted(verdicts: readonly unknown[]): void {
  if (verdicts.some((verdict) => verdict !== true))
    throw new Error('The block of the benchmark is not accepted by all.')
}
