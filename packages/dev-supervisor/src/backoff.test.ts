import { expect, test } from 'vitest'
import { Backoff } from './backoff.js'

test('waits double from the first to the longest, and start over after a success', () => {
  const backoff = new Backoff({ firstMs: 1_000, longestMs: 30_000 })
  expect(Array.from({ length: 7 }, () => backoff.next())).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  backoff.reset()
  expect(backoff.next()).toBe(1_000)
})
