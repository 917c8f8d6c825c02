import { create } from '@bufbuild/protobuf'
import { SandboxPhase, SandboxSpecSchema } from '@openshell-ts/protocol/v0-0'
import { expect, test } from 'vitest'
import { type RowEvent, SandboxStore } from './sandbox-store.js'

const status = {
  sandboxName: '',
  agentPod: '',
  agentFd: '',
  sandboxFd: '',
  conditions: [],
  phase: SandboxPhase.PROVISIONING,
  mainProcessInstanceId: '',
  currentPolicyVersion: 0,
}
const row = (id: string, name: string, workspace = 'default') => ({
  id,
  name,
  workspace,
  labels: {},
  annotations: {},
  spec: create(SandboxSpecSchema),
  status,
})

test('a name is taken once in a workspace', () => {
  const store = new SandboxStore(() => 5)
  expect(store.insert(row('1', 'box'))).toMatchObject({ createdAtMs: 5, resourceVersion: 1 })
  expect(store.insert(row('2', 'box'))).toBeUndefined()
  expect(store.insert(row('3', 'box', 'other'))).toBeDefined()
  expect(store.list('default').map(({ id }) => id)).toEqual(['1'])
  expect(store.find('other', 'box')?.id).toBe('3')
})

test('every write counts the version up, and leaves earlier rows as they were', () => {
  let now = 1
  const store = new SandboxStore(() => now)
  const first = store.insert(row('1', 'box'))
  now = 2
  const second = store.update('1', { status: { ...status, phase: SandboxPhase.READY } })
  expect(second).toMatchObject({ resourceVersion: 2, updatedAtMs: 2, createdAtMs: 1 })
  expect(first).toMatchObject({ resourceVersion: 1, status: { phase: SandboxPhase.PROVISIONING } })
})

test('writing or removing what is gone does nothing', () => {
  const store = new SandboxStore(() => 1)
  expect(store.update('1', { status })).toBeUndefined()
  expect(store.remove('1')).toBe(false)
})

test('subscribers see writes and the removal of their row only', () => {
  const store = new SandboxStore(() => 1)
  store.insert(row('1', 'box'))
  const seen: RowEvent['type'][] = []
  const stop = store.subscribe('1', (event) => seen.push(event.type))
  store.insert(row('2', 'other'))
  store.update('1', { status })
  store.remove('1')
  stop()
  expect(seen).toEqual(['written', 'removed'])
})
