import ssh2 from 'ssh2'
import { expect, test } from 'vitest'
import { generateHostKey } from './host-key.js'

test('gives a key that can be read, every time', () => {
  const unreadable = Array.from({ length: 4_000 }, generateHostKey).filter(
    (key) => ssh2.utils.parseKey(key) instanceof Error,
  )
  expect(unreadable).toEqual([])
})
