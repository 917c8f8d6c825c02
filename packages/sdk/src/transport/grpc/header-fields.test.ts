import { expect, test } from 'vitest'
import { toGrpcTimeout } from './header-fields.js'

test.each([
  [1, '1m'],
  [0.2, '1m'],
  [30_000, '30000m'],
  [99_999_999, '99999999m'],
  [100_000_000, '100000S'],
  [100_000_001, '100001S'],
  [Number.POSITIVE_INFINITY, '99999999H'],
])('a limit of %d ms is written as %s', (ms, text) => {
  expect(toGrpcTimeout(ms)).toBe(text)
})
