import { once } from 'node:events'
import { expect, test } from 'vitest'
import { RelayDuplex } from './relay-duplex.js'

test('what is written goes out in frames of at most 16 KiB, in order', async () => {
  const frames: Uint8Array[] = []
  const relay = new RelayDuplex({ send: async (bytes) => void frames.push(bytes), halfOpenTimeoutMs: 60_000 })
  const bytes = Buffer.from(Array.from({ length: 40_000 }, (_, index) => index % 251))
  relay.end(bytes)
  await once(relay, 'finish')
  expect(frames.map(({ length }) => length)).toEqual([16_384, 16_384, 7_232])
  expect(Buffer.concat(frames).equals(bytes)).toBe(true)
})

test('a supervisor that sends more than is read has to wait', async () => {
  const relay = new RelayDuplex({ send: () => Promise.resolve(), halfOpenTimeoutMs: 60_000 })
  const waiting = relay.receive(Buffer.alloc(1_000_000))
  expect(await Promise.race([waiting.then(() => 'on'), Promise.resolve('waits')])).toBe('waits')
  relay.resume()
  await waiting
})

test('empty frames mean nothing, and the end of input is the end of reading', async () => {
  const relay = new RelayDuplex({ send: () => Promise.resolve(), halfOpenTimeoutMs: 60_000 })
  await relay.receive(new Uint8Array())
  await relay.receive(Buffer.from('last'))
  relay.receiveEnd()
  expect(await relay.setEncoding('utf8').toArray()).toEqual(['last'])
})

test('destroying it frees a supervisor that waits', async () => {
  const relay = new RelayDuplex({ send: () => Promise.resolve(), halfOpenTimeoutMs: 60_000 })
  const waiting = relay.receive(Buffer.alloc(1_000_000))
  relay.destroy()
  await waiting
  await relay.receive(Buffer.from('late'))
})

test('a relay one of whose sides has ended is cut when nothing moves', async () => {
  const ended = new RelayDuplex({ send: () => Promise.resolve(), halfOpenTimeoutMs: 5 })
  ended.receiveEnd()
  await once(ended.resume(), 'close')
  expect(ended.writableFinished).toBe(false)
  const finished = new RelayDuplex({ send: () => Promise.resolve(), halfOpenTimeoutMs: 5 })
  finished.end()
  await once(finished, 'close')
  expect(finished.readableEnded).toBe(false)
})
