import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { feedInput } from './feed-input.js'
import { InputQueue } from './input-queue.js'

test('what the command has taken is not held until it ends', async () => {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const given: WeakRef<Uint8Array>[] = []
  const make = () => {
    const piece = new Uint8Array(1024)
    given.push(new WeakRef(piece))
    return piece
  }
  let held = 0
  async function* pieces() {
    for (let count = 0; count < 10; count += 1) yield make()
    await setImmediate()
    collect()
    held = given.filter((piece) => piece.deref()).length
  }
  const inputs = new InputQueue()
  const reading = (async () => {
    for await (const _ of inputs);
  })()
  await feedInput(pieces(), inputs)
  await reading
  // The last one may still be where it was read.
  expect(held).toBeLessThanOrEqual(2)
})

test('a source that says nothing more is left when the command takes no more', async () => {
  const inputs = new InputQueue()
  const feeding = feedInput({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }, inputs)
  inputs.fail(new Error('over'))
  expect(await feeding).toBeUndefined()
})
