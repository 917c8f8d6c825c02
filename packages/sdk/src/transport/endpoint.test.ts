import { expect, test } from 'vitest'
import { parseEndpoint } from './endpoint.js'

test.each([
  ['http://127.0.0.1:17670', '127.0.0.1:17670'],
  ['https://gateway.example', 'gateway.example:443'],
  ['http://[::1]:17670', '[::1]:17670'],
  ['http://[::1]', '[::1]:80'],
  ['unix:/run/gateway.sock', 'localhost:80'],
])('requests to %s are for %s', (endpoint, authority) => {
  expect(parseEndpoint(endpoint).authority).toBe(authority)
})
