import { expect, test } from 'vitest'
import type { SandboxInfo, SandboxPhase } from '../model/sandbox-info.js'
import { COMPLETED, CREATED, DELETED, judge, READY, READY_AFTER_START, STOPPED, type WaitGoal } from './wait-goal.js'

const PHASES: readonly SandboxPhase[] = [
  'unspecified',
  'provisioning',
  'ready',
  'error',
  'deleting',
  'unknown',
  'stopping',
  'stopped',
  'starting',
  'completed',
  'unrecognized',
]

const stateOf = (phase: SandboxPhase, exitCode?: number): SandboxInfo =>
  ({ phase, ...(exitCode === undefined ? {} : { exitCode }) }) as SandboxInfo

// Every other phase is waited through.
test.each<[string, WaitGoal, SandboxPhase[], SandboxPhase[]]>([
  ['ready', READY, ['ready'], ['error', 'deleting', 'stopping', 'stopped', 'completed']],
  ['ready after a start', READY_AFTER_START, ['ready'], ['error', 'deleting', 'completed']],
  ['created', CREATED, ['ready', 'completed'], ['error', 'deleting', 'stopping', 'stopped']],
  ['completed', COMPLETED, ['completed'], ['error', 'deleting', 'stopping', 'stopped']],
  ['stopped', STOPPED, ['stopped'], ['error', 'deleting', 'completed']],
  ['deleted', DELETED, [], []],
])('a wait for %s ends in its phases alone', (_, goal, reached, failed) => {
  const verdicts = Object.fromEntries(PHASES.map((phase) => [phase, judge(goal, stateOf(phase))]))
  const expected = (phase: SandboxPhase) =>
    reached.includes(phase) ? 'reached' : failed.includes(phase) ? 'failed' : 'waiting'
  expect(verdicts).toEqual(Object.fromEntries(PHASES.map((phase) => [phase, expected(phase)])))
})

test('a known exit code is the end of the main process, also in phase error', () => {
  expect([0, 3].map((code) => judge(COMPLETED, stateOf('error', code)))).toEqual(['reached', 'reached'])
  expect(judge(COMPLETED, stateOf('stopped', 0))).toBe('failed')
  expect(judge(READY, stateOf('error', 0))).toBe('failed')
})
