import { expect, test } from 'vitest'
import { ReplayBuffer } from './replay-buffer.js'

const [one, two, three, nine] = [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 9 }]

test('keeps the newest entries of each sandbox', () => {
  const buffer = new ReplayBuffer(2)
  for (const entry of [one, two, three]) buffer.push('a', entry)
  buffer.push('b', nine)
  expect(buffer.tail('a', 10)).toEqual([two, three])
  expect(buffer.tail('a', 1)).toEqual([three])
  expect(buffer.tail('a', 0)).toEqual([])
})

test('passes new entries on until the subscription ends', () => {
  const buffer = new ReplayBuffer(2)
  const seen: object[] = []
  const stop = buffer.subscribe('a', (entry) => seen.push(entry))
  buffer.push('a', one)
  stop()
  buffer.push('a', two)
  expect(seen).toEqual([one])
})

test('forgets a sandbox', () => {
  const buffer = new ReplayBuffer(2)
  buffer.push('a', one)
  buffer.forget('a')
  expect(buffer.tail('a', 1)).toEqual([])
})

test('entries of all buffers stand in the order in which they came', () => {
  const [buffer, other] = [new ReplayBuffer(2), new ReplayBuffer(2)]
  buffer.push('a', one)
  other.push('a', two)
  buffer.push('b', three)
  expect(other.positionOf(two)).toBeGreaterThan(buffer.positionOf(one))
  expect(buffer.positionOf(three)).toBeGreaterThan(other.positionOf(two))
  expect(buffer.positionOf(nine)).toBe(0)
})
