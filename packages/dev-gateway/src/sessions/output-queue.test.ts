import { PassThrough } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { type ExecOutput, OutputQueue, type OutputQueueOptions } from './output-queue.js'

const KIB = 1024

test('output is delivered in the order in which it came, what one stream says at once together', async () => {
  const { queue, delivered, release } = slowQueue()
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  for (const text of ['a', 'b', 'c']) queue.add('stdout', Buffer.from(text), stdout)
  queue.add('stderr', Buffer.from('d'), stderr)
  queue.add('stdout', Buffer.from('e'), stdout)
  for (let delivery = 0; delivery < 3; delivery += 1) await release()
  await queue.delivered()
  expect(textsOf(delivered)).toEqual([
    ['stdout', 'abc'],
    ['stderr', 'd'],
    ['stdout', 'e'],
  ])
})

test('what comes during a delivery goes together into the next one', async () => {
  const { queue, delivered, release } = slowQueue()
  const stdout = new PassThrough()
  queue.add('stdout', Buffer.from('a'), stdout)
  await vi.waitFor(() => expect(delivered).toHaveLength(1), { interval: 1 })
  for (const text of ['b', 'c']) queue.add('stdout', Buffer.from(text), stdout)
  await release()
  await release()
  await queue.delivered()
  expect(textsOf(delivered)).toEqual([
    ['stdout', 'a'],
    ['stdout', 'bc'],
  ])
})

test('a delivery has at most 128 KiB', async () => {
  const { queue, delivered, release } = slowQueue()
  const stdout = new PassThrough()
  for (let piece = 0; piece < 7; piece += 1) queue.add('stdout', Buffer.alloc(32 * KIB), stdout)
  await release()
  await release()
  await queue.delivered()
  expect(delivered.map(({ bytes }) => bytes.length / KIB)).toEqual([128, 96])
})

test('a stream of which more than 256 KiB wait is paused, and the other one is not', async () => {
  const { queue, release } = slowQueue()
  const [stdout, stderr] = [new PassThrough().resume(), new PassThrough().resume()]
  queue.add('stdout', Buffer.alloc(257 * KIB), stdout)
  queue.add('stderr', Buffer.alloc(KIB), stderr)
  expect([stdout.isPaused(), stderr.isPaused()]).toEqual([true, false])
  await release()
  await vi.waitFor(() => expect(stdout.isPaused()).toBe(false))
})

test('a delivery that fails is heard of, and nothing comes after it', async () => {
  const onError = vi.fn()
  const deliver = vi.fn().mockRejectedValue(new Error('no'))
  const queue = new OutputQueue({ deliver, onEmpty() {}, onError })
  queue.add('stdout', Buffer.from('a'), new PassThrough())
  queue.add('stderr', Buffer.from('b'), new PassThrough())
  await queue.delivered()
  queue.add('stdout', Buffer.from('c'), new PassThrough())
  expect(onError).toHaveBeenCalledExactlyOnceWith(new Error('no'))
  expect(deliver).toHaveBeenCalledTimes(1)
  expect(queue.isEmpty).toBe(false)
})

function textsOf(delivered: readonly ExecOutput[]): readonly (readonly [string, string])[] {
  return delivered.map(({ type, bytes }) => [type, String(bytes)])
}

/** A queue whose deliveries each wait until they are released. */
function slowQueue() {
  const delivered: ExecOutput[] = []
  const waiting: (() => void)[] = []
  const deliver: OutputQueueOptions['deliver'] = (output) => {
    delivered.push(output)
    return new Promise((resolve) => {
      waiting.push(resolve)
    })
  }
  const queue = new OutputQueue({
    deliver,
    onEmpty() {},
    onError(error) {
      throw error
    },
  })
  const release = async () => {
    await vi.waitFor(() => expect(waiting).not.toHaveLength(0), { interval: 1 })
    waiting.shift()?.()
  }
  return { queue, delivered, release }
}
