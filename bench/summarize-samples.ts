import type { Timing } from './comparison.js'

/** The figures of some samples, each in milliseconds for one call. */
export function summarizeSamples(name: string, samplesMs: readonly number[]): Timing {
  if (samplesMs.length === 0) throw new Error(`There are no samples of "${name}".`)
  const sorted = [...samplesMs].sort((left, right) => left - right)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { name, minMs: at(0), medianMs: at(0.5), p99Ms: at(0.99), samples: sorted.length }
}
