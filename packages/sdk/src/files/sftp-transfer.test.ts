import { expect, test } from 'vitest'
import { PIECE_BYTES, readAhead, writeBehind } from './sftp-transfer.js'

const content = Buffer.from(Array.from({ length: PIECE_BYTES * 3 + 17 }, (_, at) => at % 251))

/** A server that answers with at most so many bytes. */
function server(mostBytes: number) {
  return async (position: number, buffer: Buffer) =>
    content.copy(buffer, 0, position, Math.min(content.length, position + Math.min(buffer.length, mostBytes)))
}

test.each([PIECE_BYTES, 1000, 20_000])(
  'reads all of a file from a server that gives %i bytes at most',
  async (most) => {
    const pieces: Uint8Array[] = []
    for await (const piece of readAhead(server(most))) pieces.push(piece)
    expect(Buffer.concat(pieces).equals(content)).toBe(true)
  },
)

test('asks for no more than one MiB ahead of a reader that stops', async () => {
  let asked = 0
  const endless = readAhead(async (_, buffer) => {
    asked += buffer.length
    return buffer.length
  })
  await endless.next()
  await new Promise((resolve) => setImmediate(resolve))
  expect(asked).toBeLessThanOrEqual(1024 * 1024)
  await endless.return()
})

test('takes no more than one MiB from a source whose server does not answer', async () => {
  let taken = 0
  async function* source() {
    for (;;) {
      taken += 100_000
      yield Buffer.alloc(100_000)
    }
  }
  let fail: (error: Error) => void = () => undefined
  const writing = writeBehind(source(), () => new Promise((_, reject) => (fail = reject)))
  writing.catch(() => undefined)
  await new Promise((resolve) => setImmediate(resolve))
  expect(taken).toBeLessThan(1_200_000)
  fail(new Error('last one'))
})

test('writes every byte to its place', async () => {
  const file = Buffer.alloc(content.length)
  async function* source() {
    for (let start = 0; start < content.length; start += 10_007) yield content.subarray(start, start + 10_007)
  }
  await writeBehind(source(), async (position, bytes) => void bytes.copy(file, position))
  expect(file.equals(content)).toBe(true)
})
