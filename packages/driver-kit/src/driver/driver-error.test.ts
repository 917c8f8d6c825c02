import { expect, test, vi } from 'vitest'
import { DriverError } from './driver-error.js'

test('an error of another copy of the package is recognised, a look-alike is not', async () => {
  vi.resetModules()
  const { DriverError: Other } = await import('./driver-error.js')
  expect(Other).not.toBe(DriverError)
  expect(new Other({ code: 'unavailable', message: 'x' })).toBeInstanceOf(DriverError)
  expect(Object.assign(new Error('x'), { code: 'unavailable' })).not.toBeInstanceOf(DriverError)
})

test('it keeps what led to it', () => {
  const cause = new Error('root')
  expect(new DriverError({ code: 'internal', message: 'x', cause }).cause).toBe(cause)
})
