import { expect, test } from 'vitest'
import { DetachKeys } from './detach-keys.js'

test.each<[string, readonly string[], string, boolean]>([
  ['nothing of it', ['abc'], 'abc', false],
  ['both at once', ['ab\x10\x11cd'], 'ab', true],
  ['one after the other', ['ab\x10', '\x11'], 'ab', true],
  ['the first alone, then something else', ['a\x10', 'b'], 'a\x10b', false],
  ['the first twice', ['\x10', '\x10\x11'], '\x10', true],
  ['the second alone', ['\x11'], '\x11', false],
])('%s', (_name, pieces, passed, detached) => {
  const keys = new DetachKeys()
  const read = pieces.map((piece) => keys.read(Buffer.from(piece)))
  expect(read.map(({ input }) => input.toString()).join('')).toBe(passed)
  expect(read.at(-1)?.detached).toBe(detached)
})
