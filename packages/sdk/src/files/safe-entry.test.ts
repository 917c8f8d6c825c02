import { expect, test } from 'vitest'
import { findUnsafeLink, findUnsafeName } from './safe-entry.js'

test.each(['a', 'a/b.txt', '--help', '...', '..a/b..', 'a b\n"c"', 'a\\b', 'c:d', 'ünï'])(
  '%j may be written',
  (path) => {
    expect(findUnsafeName(path, 'linux')).toBeUndefined()
  },
)

test.each(['', '/etc/passwd', '..', '../a', 'a/../../b', 'a/..', './a', 'a//b', 'a/', 'a\0b', 'a/b\ufffd'])(
  '%j may not be written',
  (path) => {
    expect(findUnsafeName(path, 'linux')).toBeTypeOf('string')
  },
)

test.each(['a\\..\\b', 'c:d', 'nul', 'a/com1.txt', 'a./b'])('%j may not be written on Windows', (path) => {
  expect(findUnsafeName(path, 'win32')).toBeTypeOf('string')
})

test.each([
  ['a', 'b', true],
  ['d/a', '../b', true],
  ['d/a', '.', true],
  ['a', '..', false],
  ['d/a', '../../b', false],
  ['d/a', 'x/../../../b', false],
  ['a', '/etc', false],
  ['a', '', false],
])('a link %s -> %s may be made: %s', (path, target, allowed) => {
  expect(findUnsafeLink(path, target) === undefined).toBe(allowed)
})
