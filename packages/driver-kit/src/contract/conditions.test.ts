import { expect, test } from 'vitest'
import type { SandboxState } from '../driver/sandbox-state.js'
import { toConditions } from './conditions.js'

const since = new Date('2026-03-04T05:06:07.089Z')

function shown(state: SandboxState, restarted = false): string[] {
  return toConditions(state, { since, restarted }).map(({ type, status, reason, message }) =>
    [type, status, reason, message].join(' ').trim(),
  )
}

test('each state has the conditions that both lines read alike', () => {
  expect(shown({ type: 'starting', detail: 'pulling' })).toEqual(['Ready False Starting pulling'])
  expect(shown({ type: 'starting' }, true)).toEqual([
    'Suspended False Starting',
    'Bootstrapping True Starting',
    'Ready False Starting',
  ])
  expect(shown({ type: 'running' })).toEqual(['Ready True BackendReady'])
  expect(shown({ type: 'stopping' })).toEqual([
    'Suspended False PodTerminating',
    'Ready Unknown Stopping The sandbox is being stopped.',
  ])
  expect(shown({ type: 'stopped' })).toEqual([
    'Suspended True ContainerStopped',
    'Ready False ContainerStopped The sandbox is stopped.',
  ])
  expect(shown({ type: 'exited', exitCode: 0 })).toEqual([
    'Ready False ContainerExited The main process exited with code 0.',
  ])
  expect(shown({ type: 'failed', reason: 'OOMKilled', message: 'too big' })).toEqual(['Ready False OOMKilled too big'])
})

test('both time fields hold the time of the change', () => {
  const [condition] = toConditions({ type: 'running' }, { since, restarted: false })
  expect(condition?.lastTransitionTime).toBe('2026-03-04T05:06:07.089Z')
  expect(condition?.transitionTime).toEqual({ seconds: 1_772_600_767n, nanos: 89_000_000 })
})

test('a text is cut, so that all sandboxes fit one message', () => {
  const [condition] = toConditions({ type: 'starting', detail: 'x'.repeat(5_000) }, { since, restarted: false })
  expect(condition?.message).toHaveLength(2_048)
})
