import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { OpenShellClient } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { startScriptedGateway } from './scripted-gateway.js'

test('a connection closed during a call leaves no timer behind that throws later', async () => {
  await using gateway = await startScriptedGateway({ unary: { getGatewayInfo: () => new Promise<object>(() => {}) } })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const client = await OpenShellClient.connect({ endpoint: gateway.endpoint })
  const failure = failureOf(client.gatewayInfo())
  while (!gateway.calls.includes('getGatewayInfo')) await setImmediate()
  await client.close()
  expect(await failure).toMatchObject({ kind: 'closed' })
  expect(() => vi.advanceTimersByTime(60_000)).not.toThrow()
})
