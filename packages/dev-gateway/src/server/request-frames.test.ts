import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { RawCall } from './raw-call.js'
import { requestFrames } from './request-frames.js'

test('empty messages that nobody reads stop the stream as others do, and it goes on when they are read', async () => {
  const stream = new PassThrough()
  const inside = { stream, incomingEncoding: 'identity', handleDataFrame: (_: Buffer) => {}, handleEndEvent: () => {} }
  const frames = requestFrames({ call: inside } as unknown as RawCall, new AbortController().signal)
  const count = 60_000
  inside.handleDataFrame(Buffer.alloc(5 * count))
  expect(stream.isPaused()).toBe(true)
  for (let index = 0; index < count; index++) await frames.next()
  void frames.next()
  expect(stream.isPaused()).toBe(false)
})
