import { expect, test } from 'vitest'
import { isLoopback } from './check-ports.js'

test.each([
  ['localhost', true],
  ['LocalHost', true],
  ['127.0.0.1', true],
  ['127.9.8.7', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['[::1]', false],
  ['::ffff:127.0.0.1', false],
  ['0.0.0.0', false],
  ['::', false],
  ['127.example.com', false],
  ['', false],
])('%s is a loopback address: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})
