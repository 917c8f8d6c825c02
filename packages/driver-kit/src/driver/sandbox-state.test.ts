import { expect, test } from 'vitest'
import { checkSandboxState, type SandboxState, sameSandboxState } from './sandbox-state.js'

const failed = (reason: string): SandboxState => ({ type: 'failed', reason, message: 'why' })

test('a failure needs a reason that gateways read as final', () => {
  expect(checkSandboxState(failed('ImagePullFailed'))).toEqual(failed('ImagePullFailed'))
  for (const reason of ['Starting', 'starting', 'DEPENDENCIESNOTREADY', 'InspectFailed']) {
    expect(() => checkSandboxState(failed(reason))).toThrow(`Gateways read the reason "${reason}" as "not ready yet"`)
  }
})

test('a reason is one word', () => {
  for (const reason of ['', 'two words', '9lives', 'a.b', 'x'.repeat(64)]) {
    expect(() => checkSandboxState(failed(reason))).toThrow('must be one word')
  }
})

test('states are the same when a watcher could not tell them apart', () => {
  expect(sameSandboxState({ type: 'starting' }, { type: 'starting', detail: '' })).toBe(true)
  expect(sameSandboxState({ type: 'starting' }, { type: 'starting', detail: 'x' })).toBe(false)
  expect(sameSandboxState({ type: 'exited', exitCode: 0 }, { type: 'exited', exitCode: 1 })).toBe(false)
  expect(sameSandboxState(failed('A'), failed('B'))).toBe(false)
  expect(sameSandboxState(failed('A'), { ...failed('A') })).toBe(true)
  expect(sameSandboxState({ type: 'running' }, { type: 'stopped' })).toBe(false)
})
