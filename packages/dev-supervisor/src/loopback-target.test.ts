import { expect, test } from 'vitest'
import { toLoopbackTarget } from './loopback-target.js'

test.each([
  ['localhost', '127.0.0.1'],
  [' LOCALHOST ', '127.0.0.1'],
  ['127.0.0.1', '127.0.0.1'],
  ['127.9.8.7', '127.9.8.7'],
  ['::1', '::1'],
  ['0:0:0:0:0:0:0:1', '0:0:0:0:0:0:0:1'],
])('%j is %s', (host, address) => {
  expect(toLoopbackTarget({ host, port: 80 })).toEqual({ type: 'address', host: address, port: 80 })
})

test.each(['', 'example.com', '10.0.0.1', '1.127.0.1', '::2', '::11', '1::1', '::ffff:127.0.0.1', '0.0.0.0', '[::1]'])(
  '%j is refused',
  (host) => {
    expect(toLoopbackTarget({ host, port: 80 }).type).toBe('refused')
  },
)

test.each([0, -1, 65_536, 1.5])('port %s is refused', (port) => {
  expect(toLoopbackTarget({ host: '127.0.0.1', port }).type).toBe('refused')
})
