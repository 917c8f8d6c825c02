import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readKnownDifferences } from './known-differences.js'
import { readRecordings } from './recording.js'
import { replayAll } from './replay-all.js'

const recordings = readRecordings(fileURLToPath(new URL('../data/scenarios', import.meta.url)))
const known = readKnownDifferences()
const results = replayAll(recordings, known)

// All run at once in the background: the last one of a long queue is not slow by itself.
describe('against the real gateway', { timeout: 120_000 }, () => {
  test.each(recordings)('$id is as recorded, or differs as is known', async ({ id }) => {
    const result = await results.get(id)
    const expected = known.some((entry) => entry.id === id) ? 'known difference' : 'agrees'
    expect(result).toMatchObject({ verdict: expected, ...(expected === 'agrees' && { differences: [] }) })
  })
})

test('every known difference is a scenario, and has places and a reason', () => {
  const ids = new Set(recordings.map(({ id }) => id))
  for (const { id, paths, reason } of known) {
    expect(ids).toContain(id)
    expect(paths).not.toEqual([])
    expect(reason).toMatch(/^[A-Z`].{30,}\.$/)
  }
  expect(new Set(known.map(({ id }) => id)).size).toBe(known.length)
})
