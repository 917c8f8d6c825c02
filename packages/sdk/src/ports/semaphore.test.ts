import { expect, test } from 'vitest'
import { Semaphore } from './semaphore.js'

test('lets as many in as there are places, and the others in order', async () => {
  const semaphore = new Semaphore(2)
  const order: string[] = []
  const enter = async (name: string) => {
    const release = await semaphore.acquire(undefined)
    order.push(name)
    return release
  }
  const [first] = await Promise.all([enter('a'), enter('b')])
  const third = enter('c')
  const fourth = enter('d')
  expect(order).toEqual(['a', 'b'])
  first()
  first()
  const release = await third
  expect(order).toEqual(['a', 'b', 'c'])
  release()
  await fourth
  expect(order).toEqual(['a', 'b', 'c', 'd'])
})

test('does not keep a place for one who gave up', async () => {
  const semaphore = new Semaphore(1)
  const release = await semaphore.acquire(undefined)
  const stop = new AbortController()
  const givesUp = semaphore.acquire(stop.signal)
  stop.abort(new Error('enough'))
  await expect(givesUp).rejects.toThrow('enough')
  release()
  expect(semaphore.isIdle(1)).toBe(true)
  await expect(semaphore.acquire(stop.signal)).rejects.toThrow('enough')
})
