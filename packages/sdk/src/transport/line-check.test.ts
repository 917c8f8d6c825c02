import { expect, test } from 'vitest'
import { Connection } from './connection.js'
import { parseEndpoint } from './endpoint.js'
import { LineCheck } from './line-check.js'

const never = new AbortController().signal

test('a connection that opens while the codec is loaded is not taken for the one that was asked', async () => {
  const { transport } = new Connection({
    endpoint: parseEndpoint('http://127.0.0.1:1'),
    tls: {},
    credentials: undefined,
    userAgent: undefined,
    interceptors: [],
  })
  const connection = {
    session: 1,
    // What the codec is made with is asked for before it is loaded.
    get transport() {
      connection.session += 1
      return transport
    },
  }
  const askHealth = async () => ({ status: 'healthy', version: '0.1.5' }) as const
  const line = new LineCheck({ connection, wireLine: undefined, askHealth })
  await line.run(never, 0)
  expect([line.codec?.line, line.isFresh]).toEqual(['0.1', false])
  await line.run(never, 0)
  expect(line.isFresh).toBe(true)
})
