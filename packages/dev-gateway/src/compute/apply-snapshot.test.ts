import { create } from '@bufbuild/protobuf'
import { DriverSandboxSchema } from '@openshell-ts/protocol/compute'
import { SandboxPhase, SandboxSpecSchema } from '@openshell-ts/protocol/v0-0'
import { expect, test } from 'vitest'
import type { RowStatus } from '../records/sandbox-row.js'
import { SandboxStore } from '../store/sandbox-store.js'
import { applySnapshot, RenamedSnapshotError } from './apply-snapshot.js'

const empty: RowStatus = {
  sandboxName: '',
  agentPod: '',
  agentFd: '',
  sandboxFd: '',
  conditions: [],
  phase: SandboxPhase.PROVISIONING,
  mainProcessInstanceId: '',
  currentPolicyVersion: 0,
}

function storeWith(status: Partial<RowStatus>): SandboxStore {
  const store = new SandboxStore(() => 1)
  const spec = create(SandboxSpecSchema)
  store.insert({
    id: 'a',
    name: 'box',
    workspace: 'w',
    labels: {},
    annotations: {},
    spec,
    status: { ...empty, ...status },
  })
  return store
}

const snapshot = (name = 'box') =>
  create(DriverSandboxSchema, {
    id: 'a',
    name,
    workspace: 'ignored',
    status: {
      instanceId: 'pod',
      agentFd: '1',
      sandboxFd: '2',
      conditions: [{ type: 'Ready', status: 'Unknown', lastTransitionTime: 'yesterday' }],
    },
  })

test('a snapshot replaces conditions and fields, and fills an empty object name with the sandbox name', () => {
  const row = applySnapshot(storeWith({ mainProcessInstanceId: 'i' }), snapshot(), false)
  expect(row).toMatchObject({ workspace: 'w', resourceVersion: 2 })
  expect(row?.status).toMatchObject({
    sandboxName: 'box',
    agentPod: 'pod',
    agentFd: '1',
    sandboxFd: '2',
    mainProcessInstanceId: 'i',
    conditions: [{ type: 'Ready', status: 'Unknown', lastTransitionTime: 'yesterday' }],
  })
})

test.each(['renamed', ''])('a snapshot named %j is rejected whole', (name) => {
  const store = storeWith({})
  expect(() => applySnapshot(store, snapshot(name), false)).toThrow(RenamedSnapshotError)
  expect(store.get('a')).toMatchObject({ resourceVersion: 1, status: empty })
})

test('a row in Error keeps everything but its version', () => {
  const store = storeWith({ phase: SandboxPhase.ERROR })
  expect(applySnapshot(store, snapshot(), true)).toMatchObject({
    resourceVersion: 2,
    status: { phase: SandboxPhase.ERROR, conditions: [] },
  })
})

test('a row that is being deleted ignores snapshots', () => {
  const store = storeWith({ phase: SandboxPhase.DELETING })
  expect(applySnapshot(store, snapshot(), false)).toBeUndefined()
  expect(store.get('a')?.resourceVersion).toBe(1)
})

test('a snapshot without status keeps the status, and lets a session make the row Ready', () => {
  const store = storeWith({ sandboxName: 'kept' })
  const bare = create(DriverSandboxSchema, { id: 'a', name: 'box' })
  expect(applySnapshot(store, bare, false)?.status.phase).toBe(SandboxPhase.PROVISIONING)
  expect(applySnapshot(store, bare, true)?.status).toMatchObject({ phase: SandboxPhase.READY, sandboxName: 'kept' })
})
