import { expect, test } from 'vitest'
import { toSandboxState } from './sandbox-state.js'

const status = (phase: number) => ({ phase, conditions: [], mainProcessInstanceId: '', currentPolicyVersion: 0 })

test.each([
  ['0.0', 8, 'starting'],
  ['0.0', 9, 'unrecognized'],
  ['0.1', 9, 'completed'],
  ['0.1', 10, 'unrecognized'],
  ['0.1', -1, 'unrecognized'],
] as const)('on line %s phase %i is %s, and its number is kept', (line, number, phase) => {
  expect(toSandboxState(line, status(number))).toMatchObject({ phase, phaseNumber: number })
})

test('a sandbox without a status is in no phase', () => {
  expect(toSandboxState('0.1', undefined)).toEqual({ phase: 'unspecified', phaseNumber: 0, conditions: [] })
})
