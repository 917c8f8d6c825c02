import { expect, test } from 'vitest'
import { normalizeDriverName } from './driver-name.js'

test('is trimmed and lower-cased', () => {
  expect(normalizeDriverName(' My_Driver-1 ')).toBe('my_driver-1')
})

test.each([
  ['', 'compute driver name cannot be empty'],
  ['   ', 'compute driver name cannot be empty'],
  ['a b', "invalid compute driver name 'a b'. use ASCII letters, digits, '-' or '_'"],
  ['ärger', "invalid compute driver name 'ärger'. use ASCII letters, digits, '-' or '_'"],
])('%j is refused', (name, text) => {
  expect(() => normalizeDriverName(name)).toThrow(text)
})
