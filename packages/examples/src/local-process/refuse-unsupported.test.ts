import { spawnSync } from 'node:child_process'
import { DriverError, type RequestedSandbox } from '@openshell-ts/driver-kit'
import { expect, test } from 'vitest'
import { localProcessConfig } from './local-process-config.js'
import { refuseUnsupported } from './refuse-unsupported.js'

const plain: RequestedSandbox = {
  id: 'one',
  name: 'one',
  workspace: 'default',
  image: '',
  command: ['true'],
  tty: false,
  environment: {},
  logLevel: '',
  labels: {},
  agentSocketPath: '',
  awaitMainProcessAttachment: false,
}

function refusal(sandbox: Partial<RequestedSandbox>, block: object = {}): string {
  try {
    refuseUnsupported({ ...plain, ...sandbox }, localProcessConfig.parse(block))
  } catch (error) {
    if (error instanceof DriverError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'accepted'
}

test('accepts a plain sandbox, with annotations too', () => {
  expect(refusal({})).toBe('accepted')
  expect(refusal({ platformConfig: { annotations: { team: 'blue' } } })).toBe('accepted')
})

test.each([
  [{ resources: { cpuRequest: '1', cpuLimit: '', memoryRequest: '', memoryLimit: '' } }, 'remove resources'],
  [{ agentSocketPath: '/run/agent.sock' }, 'remove agent_socket'],
  [{ platformConfig: { runtime_class_name: 'kata' } }, 'remove runtime class'],
])('refuses what a process cannot give: %j', (sandbox, advice) => {
  expect(refusal(sandbox)).toMatch(/^failed-precondition: /)
  expect(refusal(sandbox)).toContain(advice)
})

test('refuses a limit that the host does not allow, and says which one it does', () => {
  const hard = spawnSync('/bin/sh', ['-c', 'ulimit -H -n'], { encoding: 'utf8' }).stdout.trim()
  const wanted = { schema_version: 2, limits: { open_files: 1_048_576 } }
  const verdict = Number(hard) < 1_048_576 ? `may be at most ${hard}` : 'accepted'
  expect(refusal({}, wanted)).toContain(verdict)
  expect(refusal({}, { schema_version: 2, limits: { open_files: 64 } })).toBe('accepted')
})
