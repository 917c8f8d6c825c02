import { once } from 'node:events'
import { createServer, type Http2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { OpenShellClient } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { startScriptedGateway } from './scripted-gateway.js'

test('many calls at a time make Node warn about nothing', async () => {
  const warnings: string[] = []
  const note = (warning: Error) => warnings.push(warning.message)
  process.on('warning', note)
  onTestFinished(() => void process.off('warning', note))
  await using gateway = await startScriptedGateway('0.1')
  await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint })
  await Promise.all(Array.from({ length: 20 }, () => client.health()))
  await setImmediate()
  expect(warnings).toEqual([])
})

test('lets the gateway send more than 64 KiB in one round trip', async () => {
  const server = await startSilentServer()
  const session = once(server, 'session').then(([session]) => once(session, 'remoteSettings'))
  const ended = new AbortController()
  const { port } = server.address() as AddressInfo
  const failure = failureOf(OpenShellClient.connect({ endpoint: `http://127.0.0.1:${port}`, signal: ended.signal }))
  const [settings] = await session
  expect(settings.initialWindowSize).toBe(1024 * 1024)
  ended.abort()
  expect(await failure).toMatchObject({ kind: 'aborted' })
})

async function startSilentServer(): Promise<Http2Server> {
  const server = createServer()
  onTestFinished(() => void server.close())
  // The client leaves with a reset.
  server.on('stream', (stream) => stream.on('error', () => {}))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}
