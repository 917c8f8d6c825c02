import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { OpenShellClient } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { WORDS } from './line-words.js'
import { startScriptedGateway } from './scripted-gateway.js'

test.each(LINES)(
  'a connection closed during a call leaves no timer behind that throws later, on line %s',
  async (line) => {
    await using gateway = await startScriptedGateway(line, {
      unary: { getGatewayInfo: () => new Promise<object>(() => {}) },
    })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
    const failure = failureOf(client.gatewayInfo())
    while (!gateway.calls.includes('getGatewayInfo')) await setImmediate()
    await client.close()
    expect(await failure).toMatchObject({ kind: 'closed' })
    expect(() => vi.advanceTimersByTime(60_000)).not.toThrow()
  },
)

test.each(LINES)(
  'a connection that goes silent in the middle of a stream is given up after a ping without an answer, on line %s',
  async (line) => {
    await using gateway = await startScriptedGateway(line, {
      unary: { getSandbox: () => WORDS[line].sandboxReply() },
      stream: {
        execSandbox: (_, call) => call.write({ payload: { case: 'stdout', value: { data: Buffer.from('part') } } }),
      },
    })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
    const sandbox = await client.sandboxes.get('box')
    let silent = false
    const onStdout = () => {
      gateway.silenceConnections()
      silent = true
    }
    const failure = failureOf(sandbox.commands.run(['true'], { onStdout }))
    while (!silent) await setImmediate()
    let settled = false
    void failure.finally(() => {
      settled = true
    })
    while (!settled) {
      await setImmediate()
      vi.advanceTimersByTime(1_000)
    }
    expect(await failure).toMatchObject({ kind: 'exec-result-unknown', cause: { kind: 'unavailable' } })
  },
)

test('a connection that does not come about is given up after ten seconds, and nothing was sent', async () => {
  const sockets: Socket[] = []
  const server = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const connecting = OpenShellClient.connect({
    endpoint,
    workspace: WORKSPACE,
    requestTimeoutMs: 0,
    retry: { maxAttempts: 1 },
  })
  const failure = failureOf(connecting)
  while (sockets.length === 0) await setImmediate()
  vi.advanceTimersByTime(10_000)
  const error = await failure
  server.close()
  expect(error).toMatchObject({ kind: 'unavailable', dispatched: false, retryable: true })
  expect(error.message).toContain('ETIMEDOUT')
})
