import { expect, test } from 'vitest'
import { silentLogger } from '../driver/driver-logger.js'
import { LazySignal } from './lazy-signal.js'
import { ValidateCall } from './validate-call.js'

test('the signal is there for who reads it and for who copies the context', () => {
  const cancelled = new LazySignal()
  const context = new ValidateCall({ settings: {}, logger: silentLogger, config: { a: 1 }, cancelled })
  const copy = { ...context }
  expect(Object.keys(copy).sort()).toEqual(['config', 'logger', 'settings', 'signal'])
  expect(copy.signal.aborted).toBe(false)
  cancelled.abort()
  expect([context.signal.aborted, copy.signal.aborted]).toEqual([true, true])
})
