import { expect, test } from 'vitest'
import { OutputBuffer } from './output-buffer.js'

const TEXTS = ['a', '', 'bcd', 'efghijkl', 'm']

function fill(maxBytes: number): OutputBuffer {
  const buffer = new OutputBuffer(maxBytes)
  for (const text of TEXTS) buffer.add(Buffer.from(text))
  return buffer
}

test.each([
  [0, 'abcdefghijklm', false],
  [100, 'abcdefghijklm', false],
  [13, 'abcdefghijklm', false],
  [12, 'abcdefghijkl', true],
  [2, 'ab', true],
])('keeps the first bytes up to a limit of %i', (maxBytes, text, overflowed) => {
  const buffer = fill(maxBytes)
  const bytes = buffer.toBytes()
  expect([Buffer.from(bytes).toString(), buffer.overflowed]).toEqual([text, overflowed])
  expect(bytes.buffer.byteLength).toBe(bytes.length)
})

test('does not change what it has given when more comes, nor with the chunk that it was given', () => {
  const chunk = Buffer.from('ab')
  const buffer = new OutputBuffer(0)
  buffer.add(chunk)
  const before = buffer.toBytes()
  chunk.fill('x')
  buffer.add(Buffer.from('cd'))
  expect([before, buffer.toBytes()].map((bytes) => Buffer.from(bytes).toString())).toEqual(['ab', 'abcd'])
})
