import { readFileSync } from 'node:fs'
import type { Difference } from './compare.js'

/** A scenario in which this gateway is known to differ from the real one. */
export interface KnownDifference {
  readonly id: string
  /** Every place of `observed` that differs, as `Difference` names it, and no other. */
  readonly paths: readonly string[]
  /** Why that is right, or cannot be helped. */
  readonly reason: string
}

/** What a replay means: whether it agrees, and whether that was to be expected. */
export type Verdict = 'agrees' | 'known difference' | 'unknown difference' | 'listed, but agrees'

/** Reads the list that is kept beside the recordings. */
export function readKnownDifferences(): readonly KnownDifference[] {
  return JSON.parse(readFileSync(new URL('../data/known-differences.json', import.meta.url), 'utf8'))
}

/** Judges a replay by the list. A listed scenario may differ in its listed places and in no other. */
export function judge(known: KnownDifference | undefined, differences: readonly Difference[]): Verdict {
  if (differences.length === 0) return known ? 'listed, but agrees' : 'agrees'
  const places = differences.map(({ path }) => path)
  const expected = known && known.paths.length === places.length && known.paths.every((path) => places.includes(path))
  return expected ? 'known difference' : 'unknown difference'
}
