import { expect, test } from 'vitest'
import { runBounded } from './run-bounded.js'

test('all items are worked on, never more than the limit at a time', async () => {
  const done: number[] = []
  let running = 0
  let most = 0
  await runBounded([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    running += 1
    most = Math.max(most, running)
    await Promise.resolve()
    running -= 1
    done.push(item)
  })
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(most).toBe(3)
})

test('after a failure nothing more begins', async () => {
  const begun: number[] = []
  const run = runBounded([1, 2, 3, 4], 2, async (item) => {
    begun.push(item)
    if (item === 1) throw new Error('no')
    await Promise.resolve()
    await Promise.resolve()
  })
  await expect(run).rejects.toThrow('no')
  expect(begun).toEqual([1, 2])
})
