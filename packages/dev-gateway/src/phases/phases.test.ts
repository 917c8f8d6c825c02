import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { describe, expect, test } from 'vitest'
import type { RowCondition } from '../records/sandbox-row.js'
import { composeWithSession, derivePhase, guardPhase, sessionReady, withReady } from './phases.js'

const condition = (type: string, status: string, reason = ''): RowCondition => ({
  type,
  status,
  reason,
  message: '',
  lastTransitionTime: '',
})

describe('derivePhase', () => {
  test.each([
    ['nothing at all', false, [], SandboxPhase.PROVISIONING],
    ['deleting beats everything', true, [condition('Suspended', 'True')], SandboxPhase.DELETING],
    ['suspended in any case', false, [condition('sUSPENDED', 'tRUE')], SandboxPhase.STOPPED],
    [
      'suspended beats ready',
      false,
      [condition('Ready', 'True'), condition('Suspended', 'True')],
      SandboxPhase.STOPPED,
    ],
    ['a suspension that is over', false, [condition('Suspended', 'False')], SandboxPhase.PROVISIONING],
    ['ready, status in any case', false, [condition('Ready', 'true')], SandboxPhase.READY],
    ['a type that is Ready in another case', false, [condition('ready', 'True')], SandboxPhase.PROVISIONING],
    ['ready unknown', false, [condition('Ready', 'Unknown', 'Dead')], SandboxPhase.PROVISIONING],
    ['ready without a status', false, [condition('Ready', '')], SandboxPhase.PROVISIONING],
    ['a transient reason in any case', false, [condition('Ready', 'False', 'sTARTING')], SandboxPhase.PROVISIONING],
    ['an own reason', false, [condition('Ready', 'False', 'Pulling')], SandboxPhase.ERROR],
    ['an empty reason', false, [condition('Ready', 'False')], SandboxPhase.ERROR],
    [
      'the first of two',
      false,
      [condition('Ready', 'Unknown'), condition('Ready', 'False', 'Dead')],
      SandboxPhase.PROVISIONING,
    ],
  ])('%s', (_name, deleting, conditions, phase) => {
    expect(derivePhase({ deleting }, conditions)).toBe(phase)
  })
})

describe('composeWithSession', () => {
  const session = (connected: boolean, configured = true) => ({ connected, configured })

  test('a session without an accepted configuration leaves a sandbox Provisioning', () => {
    const composed = composeWithSession(SandboxPhase.READY, [condition('Ready', 'True')], session(true, false))
    expect(composed.phase).toBe(SandboxPhase.PROVISIONING)
    expect(composed.conditions).toMatchObject([{ status: 'False', reason: 'DependenciesNotReady' }])
  })

  test('a session makes a provisioning sandbox Ready and rewrites only the first Ready condition', () => {
    const other = condition('Bootstrapping', 'True')
    const composed = composeWithSession(
      SandboxPhase.PROVISIONING,
      [other, condition('Ready', 'False', 'Starting')],
      session(true),
    )
    expect(composed).toEqual({ phase: SandboxPhase.READY, conditions: [other, sessionReady] })
  })

  test('a ready backend without a session waits for one', () => {
    const composed = composeWithSession(
      SandboxPhase.READY,
      [condition('Ready', 'True', 'BackendReady')],
      session(false),
    )
    expect(composed.phase).toBe(SandboxPhase.PROVISIONING)
    expect(composed.conditions).toMatchObject([{ status: 'False', reason: 'SupervisorNotConnected' }])
  })

  test.each([SandboxPhase.ERROR, SandboxPhase.DELETING, SandboxPhase.STOPPED])(
    'a session changes nothing in phase %i',
    (phase) => {
      const conditions = [condition('Ready', 'False', 'Dead')]
      expect(composeWithSession(phase, conditions, session(true))).toEqual({ phase, conditions })
    },
  )

  test('a provisioning backend without a session keeps its conditions', () => {
    const conditions = [condition('Ready', 'Unknown', 'X')]
    expect(composeWithSession(SandboxPhase.UNKNOWN, conditions, session(false))).toEqual({
      phase: SandboxPhase.PROVISIONING,
      conditions,
    })
  })
})

describe('guardPhase', () => {
  const to = (phase: SandboxPhase, conditions: RowCondition[] = []) => ({ phase, conditions })

  test.each([
    ['stopping ends in Stopped', SandboxPhase.STOPPING, to(SandboxPhase.STOPPED), SandboxPhase.STOPPED],
    [
      'stopping ends when the container exited',
      SandboxPhase.STOPPING,
      to(SandboxPhase.ERROR, [condition('Ready', 'False', 'ContainerExited')]),
      SandboxPhase.STOPPED,
    ],
    ['stopping can fail', SandboxPhase.STOPPING, to(SandboxPhase.ERROR), SandboxPhase.ERROR],
    ['stopping is held', SandboxPhase.STOPPING, to(SandboxPhase.READY), SandboxPhase.STOPPING],
    ['stopping is held against deleting', SandboxPhase.STOPPING, to(SandboxPhase.DELETING), SandboxPhase.STOPPING],
    ['stopped is held', SandboxPhase.STOPPED, to(SandboxPhase.READY), SandboxPhase.STOPPED],
    ['starting becomes ready', SandboxPhase.STARTING, to(SandboxPhase.READY), SandboxPhase.READY],
    ['starting can fail', SandboxPhase.STARTING, to(SandboxPhase.ERROR), SandboxPhase.ERROR],
    ['starting is held', SandboxPhase.STARTING, to(SandboxPhase.STOPPED), SandboxPhase.STARTING],
    ['others follow', SandboxPhase.READY, to(SandboxPhase.DELETING), SandboxPhase.DELETING],
  ])('%s', (_name, row, composed, phase) => {
    expect(guardPhase(row, composed)).toBe(phase)
  })
})

test('withReady appends when there is no Ready condition', () => {
  const other = condition('ready', 'True')
  expect(withReady([other], sessionReady)).toEqual([other, sessionReady])
})
