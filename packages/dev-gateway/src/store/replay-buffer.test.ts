import { expect, test } from 'vitest'
import { ReplayBuffer } from './replay-buffer.js'

test('keeps the newest entries of each sandbox', () => {
  const buffer = new ReplayBuffer<number>(2)
  for (const entry of [1, 2, 3]) buffer.push('a', entry)
  buffer.push('b', 9)
  expect(buffer.tail('a', 10)).toEqual([2, 3])
  expect(buffer.tail('a', 1)).toEqual([3])
  expect(buffer.tail('a', 0)).toEqual([])
})

test('passes new entries on until the subscription ends', () => {
  const buffer = new ReplayBuffer<number>(2)
  const seen: number[] = []
  const stop = buffer.subscribe('a', (entry) => seen.push(entry))
  buffer.push('a', 1)
  stop()
  buffer.push('a', 2)
  expect(seen).toEqual([1])
})

test('forgets a sandbox', () => {
  const buffer = new ReplayBuffer<number>(2)
  buffer.push('a', 1)
  buffer.forget('a')
  expect(buffer.tail('a', 1)).toEqual([])
})
