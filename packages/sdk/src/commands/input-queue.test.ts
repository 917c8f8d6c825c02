import { expect, test } from 'vitest'
import { InputQueue } from './input-queue.js'

const bytes = (length: number) => new Uint8Array(length)

async function state(promise: Promise<unknown>): Promise<'pending' | 'done' | 'failed'> {
  const settled = promise.then(
    () => 'done' as const,
    () => 'failed' as const,
  )
  return Promise.race([settled, new Promise<'pending'>((resolve) => setImmediate(resolve, 'pending'))])
}

test('cuts what is written into frames, and a write waits until its last frame is taken', async () => {
  const queue = new InputQueue()
  const written = queue.write(bytes(80 * 1024))
  const inputs = queue[Symbol.asyncIterator]()
  const sizes: number[] = []
  for (let frame = 0; frame < 3; frame++) {
    const { value } = await inputs.next()
    if (value?.type === 'stdin') sizes.push(value.data.length)
  }
  expect(sizes).toEqual([32_768, 32_768, 16_384])
  expect(await state(written)).toBe('pending')
  queue.end()
  expect(await inputs.next()).toEqual({ done: true, value: undefined })
  expect(await state(written)).toBe('done')
})

test('sends the latest of several sizes only', async () => {
  const queue = new InputQueue()
  for (let cols = 80; cols <= 200; cols++) queue.resize(cols, 24)
  queue.end()
  const inputs: unknown[] = []
  for await (const input of queue) inputs.push(input)
  expect(inputs).toEqual([{ type: 'resize', cols: 200, rows: 24 }])
})

test('refuses what was not taken, and what comes later, when the command is gone', async () => {
  const queue = new InputQueue()
  const waiting = queue.write(bytes(1))
  queue.fail(new Error('gone'))
  await expect(waiting).rejects.toThrow('gone')
  await expect(queue.write(bytes(1))).rejects.toThrow('gone')
})

test('refuses what is written behind the end', async () => {
  const queue = new InputQueue()
  queue.end()
  await expect(queue.write(bytes(1))).rejects.toThrow('has ended')
})
