import { expect, test } from 'vitest'
import { toServiceHealth } from './service-health.js'

test('names every state of a gateway by its number, and keeps what it does not know apart', () => {
  expect([0, 1, 2, 3, 4, -1].map(toServiceHealth)).toEqual([
    'unspecified',
    'healthy',
    'degraded',
    'unhealthy',
    'unrecognized',
    'unrecognized',
  ])
})
