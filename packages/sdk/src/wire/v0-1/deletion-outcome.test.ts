import { expect, test } from 'vitest'
import { toDeletionOutcome } from './deletion-outcome.js'

test.each([
  [0, 'unknown'],
  [1, 'completed'],
  [2, 'accepted'],
  [3, 'absent'],
  [99, 'unknown'],
])('outcome %i of a deletion is %s', (outcome, expected) => {
  expect(toDeletionOutcome(outcome)).toBe(expected)
})
