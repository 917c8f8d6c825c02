import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { describe, expect, test } from 'vitest'
import { composeWithSession, derivePhase, guardPhase } from '../src/phases/phases.js'
import type { RowCondition } from '../src/records/sandbox-row.js'

const rules = { line: '0.1', driverReportsReadiness: false } as const
const { DELETING, ERROR, PROVISIONING, READY, STARTING, STOPPED, STOPPING } = SandboxPhase

function condition(type: string, status: string, reason = ''): RowCondition {
  return { type, status, reason, message: '', lastTransitionTime: '' }
}
const suspended = condition('Suspended', 'True')
const bootstrapping = condition('Bootstrapping', 'True')
const booting = condition('Ready', 'False', 'Starting')
const restarted = condition('Ready', 'False', 'ContainerRuntimeRestart')

describe('driver-contract 11.2: the phase of a snapshot', () => {
  test.each([
    ['deleting beats everything', true, [condition('Ready', 'True')], DELETING],
    ['suspended, as long as nothing is ready', false, [suspended, condition('Ready', 'False', 'Dead')], STOPPED],
    ['ready beats suspended, in any case and order', false, [suspended, condition('rEADY', 'tRUE')], PROVISIONING],
    ['ready beats suspended', false, [condition('Ready', 'True'), suspended], READY],
    ['a terminal reason', false, [restarted], ERROR],
  ])('%s', (_name, deleting, conditions, phase) => {
    expect(derivePhase({ deleting }, conditions, rules)).toBe(phase)
  })
})

describe('driver-contract 11.2: the guard of a row', () => {
  test.each([
    ['stopping stays when the container runtime restarted', STOPPING, ERROR, [restarted], STOPPING],
    ['stopping ends in Stopped', STOPPING, STOPPED, [suspended], STOPPED],
    ['stopped follows compute that boots', STOPPED, PROVISIONING, [bootstrapping, booting], PROVISIONING],
    ['stopped stays without Bootstrapping', STOPPED, READY, [condition('Ready', 'True')], STOPPED],
    ['stopped stays while it is suspended', STOPPED, STOPPED, [bootstrapping, suspended], STOPPED],
    ['stopped stays when compute is deleted', STOPPED, DELETING, [bootstrapping], STOPPED],
    ['stopped stays when the container runtime restarted', STOPPED, ERROR, [bootstrapping, restarted], STOPPED],
    ['starting fails with every terminal reason', STARTING, ERROR, [restarted], ERROR],
    ['starting is held', STARTING, STOPPED, [suspended], STARTING],
  ])('%s', (_name, row, phase, conditions, expected) => {
    expect(guardPhase(row, { phase, conditions }, rules)).toBe(expected)
  })
})

describe('driver-contract 12: readiness that the driver reports', () => {
  const reporting = { ...rules, driverReportsReadiness: true }
  const alone = { connected: false, configured: false }

  test.each([
    ['Ready needs no session', READY, READY],
    ['Provisioning stays', PROVISIONING, PROVISIONING],
    ['Stopped stays', STOPPED, STOPPED],
  ])('%s', (_name, phase, expected) => {
    expect(composeWithSession(phase, [], alone, reporting).phase).toBe(expected)
  })
})
