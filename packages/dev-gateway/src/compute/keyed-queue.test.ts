import { expect, test } from 'vitest'
import { KeyedQueue } from './keyed-queue.js'

test('tasks of one key wait for each other, also for failed ones', async () => {
  const queue = new KeyedQueue()
  const order: string[] = []
  const first = queue.run('a', async () => {
    await Promise.resolve()
    order.push('first')
    throw new Error('failed')
  })
  const second = queue.run('a', async () => order.push('second'))
  await expect(first).rejects.toThrow('failed')
  await second
  expect(order).toEqual(['first', 'second'])
})

test('tasks of other keys do not wait', async () => {
  const queue = new KeyedQueue()
  let release: () => void = () => undefined
  const blocked = queue.run('a', () => new Promise<void>((resolve) => (release = resolve)))
  expect(await queue.run('b', async () => 'done')).toBe('done')
  release()
  await blocked
})
