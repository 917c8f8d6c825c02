import { status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { localUser } from '../auth/principal.js'
import { RequestIds } from './request-ids.js'

test('gateway-client 17: a caller has so many ids a day, and another one its own', () => {
  let now = 0
  const ids = new RequestIds(() => now)
  const admit = (number: number, subject = 'ada') => {
    const requestId = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
    const principal = { ...localUser, subject }
    return ids.admit({ principal, requestId, method: 'ExecSandbox', bytes: new Uint8Array() })
  }
  for (let number = 0; number < 10_000; number += 1) admit(number)
  expect(() => admit(10_000)).toThrow(expect.objectContaining({ code: status.RESOURCE_EXHAUSTED }))
  expect(() => admit(10_000, 'eva')).not.toThrow()
  now = 24 * 3_600_000
  expect(() => admit(10_000)).not.toThrow()
})
