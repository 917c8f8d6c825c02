import { expect, test } from 'vitest'
import { failureOf } from './failure-of.js'
import { startLineGateway, WORKSPACE } from './line-gateway.js'

test('sets, reads and takes away a route on line 0.0', async () => {
  await using stack = await startLineGateway('0.0')
  const { inference, providers } = stack.client
  await providers.create('models', { type: 'openai', credentials: { OPENAI_API_KEY: 'k' } })
  const spec = { providerName: 'models', modelId: 'm-1', timeoutMs: 1500, verify: false }
  expect(await inference.tryGet('inference.local')).toBeUndefined()
  const first = await inference.set('inference.local', spec)
  const route = {
    name: 'inference.local',
    workspace: WORKSPACE,
    providerName: 'models',
    modelId: 'm-1',
    timeoutMs: 2000,
  }
  expect(first).toEqual({ ...route, version: 1, verifiedEndpoints: [] })
  expect(await inference.set('inference.local', spec)).toMatchObject({ version: 2 })
  expect(await inference.get('inference.local')).toEqual({ ...route, version: 2 })
  const unknown = inference.set('sandbox-system', { ...spec, providerName: 'nobody' })
  expect(await failureOf(unknown)).toMatchObject({ kind: 'failed-precondition' })
  expect(await inference.delete('inference.local')).toEqual({ outcome: 'completed' })
  expect(await inference.delete('inference.local')).toEqual({ outcome: 'absent' })
})

test('routes are unsupported on line 0.1, and nothing is sent', async () => {
  await using stack = await startLineGateway('0.1')
  const { inference } = stack.client
  const calls = [
    inference.set('inference.local', { providerName: 'a', modelId: 'b' }),
    inference.get('inference.local'),
    inference.tryGet('inference.local'),
    inference.delete('inference.local'),
  ]
  for (const error of await Promise.all(calls.map(failureOf))) {
    expect(error.kind).toBe('unsupported')
    expect(error.message).toContain('0.0.116')
  }
})
