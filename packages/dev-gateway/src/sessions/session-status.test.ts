import { create } from '@bufbuild/protobuf'
import { SandboxPhase, SandboxSpecSchema } from '@openshell-ts/protocol/v0-0'
import { describe, expect, test } from 'vitest'
import { firstLineRules } from '../phases/phases.js'
import type { RowStatus } from '../records/sandbox-row.js'
import { SandboxStore } from '../store/sandbox-store.js'
import { markConnected, markDisconnected, markMainProcessExit } from './session-status.js'

function storeWith(status: Partial<RowStatus>): SandboxStore {
  const store = new SandboxStore(() => 1)
  store.insert({
    id: 'a',
    name: 'box',
    workspace: 'w',
    labels: {},
    annotations: {},
    spec: create(SandboxSpecSchema),
    status: {
      sandboxName: '',
      agentPod: '',
      agentFd: '',
      sandboxFd: '',
      conditions: [],
      phase: SandboxPhase.PROVISIONING,
      mainProcessInstanceId: '',
      currentPolicyVersion: 0,
      ...status,
    },
  })
  return store
}

const parts = (sandboxes: SandboxStore) => ({ store: { sandboxes, now: () => 1 }, rules: firstLineRules })

const { PROVISIONING, READY, ERROR, DELETING, UNKNOWN, STOPPING, STOPPED, STARTING } = SandboxPhase

test.each([PROVISIONING, READY, STARTING, UNKNOWN])(
  'connecting makes phase %i Ready and clears the exit code',
  (phase) => {
    const store = storeWith({ phase, exitCode: 3 })
    markConnected(parts(store), 'a', 'i')
    expect(store.get('a')?.status).toMatchObject({ phase: READY, mainProcessInstanceId: 'i', exitCode: undefined })
  },
)

test.each([ERROR, DELETING, STOPPING, STOPPED])('connecting in phase %i writes nothing', (phase) => {
  const store = storeWith({ phase })
  markConnected(parts(store), 'a', 'i')
  expect(store.get('a')?.resourceVersion).toBe(1)
})

test.each([PROVISIONING, ERROR, DELETING, STOPPING, STOPPED])('disconnecting in phase %i writes nothing', (phase) => {
  const store = storeWith({ phase })
  markDisconnected(store, 'a')
  expect(store.get('a')?.resourceVersion).toBe(1)
})

describe('an exit report', () => {
  test.each([
    ['of the running instance', { phase: READY, mainProcessInstanceId: 'i' }, 'i'],
    ['when no instance is known', { phase: PROVISIONING }, 'any'],
    ['of a new instance of a starting sandbox', { phase: STARTING, mainProcessInstanceId: 'old' }, 'i'],
    ['on an error of the driver', { phase: ERROR }, 'i'],
  ])('%s is an error with its code', (_name, status, instanceId) => {
    const store = storeWith(status)
    markMainProcessExit(store, 'a', { instanceId, exitCode: 7 }, '0.0')
    expect(store.get('a')?.status).toMatchObject({ phase: ERROR, exitCode: 7, mainProcessInstanceId: instanceId })
  })

  test.each([
    ['of another instance', { phase: READY, mainProcessInstanceId: 'i' }, 'other'],
    ['of the stopped instance of a starting sandbox', { phase: STARTING, mainProcessInstanceId: 'i' }, 'i'],
    ['after another report', { phase: ERROR, mainProcessInstanceId: 'i', exitCode: 0 }, 'i'],
    ['while stopping', { phase: STOPPING }, 'i'],
    ['when stopped', { phase: STOPPED }, 'i'],
    ['while deleting', { phase: DELETING }, 'i'],
  ])('%s changes nothing', (_name, status, instanceId) => {
    const store = storeWith(status)
    markMainProcessExit(store, 'a', { instanceId, exitCode: 7 }, '0.0')
    expect(store.get('a')?.resourceVersion).toBe(1)
  })
})
