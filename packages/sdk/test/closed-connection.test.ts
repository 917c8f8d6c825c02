import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { OpenShellClient } from '../src/index.js'
import { startScriptedGateway } from './scripted-gateway.js'

test('a closed connection leaves no timer behind that throws later', async () => {
  await using gateway = await startScriptedGateway({})
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const client = await OpenShellClient.connect({ endpoint: gateway.endpoint })
  await client[Symbol.asyncDispose]()
  await setImmediate()
  expect(() => vi.advanceTimersByTime(60_000)).not.toThrow()
})
