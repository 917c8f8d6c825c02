import { below, type Comparison } from '../comparison.js'
import { measureTasks } from '../measure-tasks.js'
import { realisticBlock, realisticConfig } from './realistic-config.js'

/** Blocks of the largest size that is read at all: one that is accepted, and one with a fault in every tenth mount. */
export async function largeBlock(): Promise<Comparison> {
  const good = largestAccepted()
  const mounts = good.mounts.map((mount, index) => (index % 10 === 0 ? { ...mount, target: 5 } : mount))
  const bad = { ...good, mounts }
  const timings = await measureTasks(
    [
      { name: 'safeParse of the good block', run: () => realisticConfig.safeParse(good) },
      { name: 'safeParse of the faulty block', run: () => realisticConfig.safeParse(bad) },
    ],
    { turnMs: 400 },
  )
  const size = (JSON.stringify(good).length / 1_024).toFixed(1)
  return {
    title: `blocks at the limit of 64 KiB on the wire (${good.mounts.length} mounts, ${size} KiB of JSON)`,
    timings,
    verdicts: timings.map((timing) => below(timing, 'p99Ms', 10)),
  }
}

type Block = typeof realisticBlock

function withMounts(count: number): Block {
  const { mounts } = realisticBlock
  return {
    ...realisticBlock,
    mounts: Array.from({ length: count }, (_, index) => mounts[index % mounts.length] ?? {}) as Block['mounts'],
  }
}

function largestAccepted(): Block {
  let count = 4
  while (realisticConfig.safeParse(withMounts(count + 1)).ok) count += 1
  return withMounts(count)
}
