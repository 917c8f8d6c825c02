import { expect, test } from 'vitest'
import { EventQueue } from './event-queue.js'

test('delivers in order, also to someone who waited first', async () => {
  const queue = new EventQueue<number>(10)
  const first = queue.next()
  queue.push(1)
  queue.push(2)
  expect([await first, await queue.next()]).toEqual([1, 2])
})

test('delivers what waits after its end, and nothing that came later', async () => {
  const queue = new EventQueue<number>(10)
  queue.push(1)
  queue.end()
  queue.push(2)
  expect([await queue.next(), await queue.next()]).toEqual([1, undefined])
})

test('wakes someone who waits when it ends', async () => {
  const queue = new EventQueue<number>(10)
  const next = queue.next()
  queue.end()
  expect(await next).toBeUndefined()
})

test('counts what found no room, and delivers nothing after that', async () => {
  const queue = new EventQueue<number>(1)
  for (const event of [1, 2, 3]) queue.push(event)
  expect(await queue.next()).toBeUndefined()
  expect(queue.takeDropped()).toBe(2)
})
