import { expect, test } from 'vitest'
import { InFlight } from './in-flight.js'

test('it is idle when everything that had begun has ended', async () => {
  const inFlight = new InFlight()
  await inFlight.idle()
  inFlight.begin()
  inFlight.begin()
  let idle = false
  const waiting = inFlight.idle().then(() => {
    idle = true
  })
  inFlight.end()
  await Promise.resolve()
  expect(idle).toBe(false)
  inFlight.end()
  await waiting
  expect(idle).toBe(true)
})
