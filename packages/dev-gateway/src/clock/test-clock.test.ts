import { expect, test } from 'vitest'
import { TestClock } from './test-clock.js'

const hourMs = 3_600_000

test('a jump wakes who sleeps until then, and nobody else', async () => {
  const clock = new TestClock()
  const aborter = new AbortController()
  const woken: string[] = []
  const short = clock.sleep(hourMs).then(() => woken.push('short'))
  const long = clock.sleep(2 * hourMs, aborter.signal).then(() => woken.push('long'))
  const before = clock.now()
  clock.skip(hourMs)
  await short
  expect(woken).toEqual(['short'])
  expect(clock.now() - before).toBeGreaterThanOrEqual(hourMs)
  aborter.abort()
  await long
})

test('two jumps add up', async () => {
  const clock = new TestClock()
  const slept = clock.sleep(hourMs)
  clock.skip(hourMs / 2)
  clock.skip(hourMs / 2)
  await slept
})

test('an aborted signal ends a sleep, also one that was aborted before', async () => {
  const clock = new TestClock()
  const aborter = new AbortController()
  const slept = clock.sleep(hourMs, aborter.signal)
  aborter.abort()
  await slept
  await clock.sleep(hourMs, aborter.signal)
})

test('the clock runs by itself', async () => {
  await new TestClock().sleep(1)
})
