import { expect, test } from 'vitest'
import { InFlight } from './in-flight.js'

test('it is idle when everything has settled, failures included', async () => {
  const inFlight = new InFlight()
  await inFlight.idle()
  let finish = () => {}
  const work = new Promise<void>((resolve) => {
    finish = resolve
  })
  const tracked = inFlight.track(work)
  const failed = inFlight.track(Promise.reject(new Error('no'))).catch((error: Error) => error.message)
  let idle = false
  const waiting = inFlight.idle().then(() => {
    idle = true
  })
  expect(await failed).toBe('no')
  expect(idle).toBe(false)
  finish()
  await Promise.all([tracked, waiting])
  expect(idle).toBe(true)
})
