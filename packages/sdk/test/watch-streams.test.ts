import { describe, expect, test } from 'vitest'
import { OpenShellClient, type Sandbox, type WatchEvent } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { SandboxPhase, WORDS } from './line-words.js'
import { failStream, type Script, type ScriptedGateway, startScriptedGateway } from './scripted-gateway.js'

// Most of the time is pauses before a stream is opened again.
describe.concurrent.each(LINES)('a watch on line %s', (line) => {
  const { sandboxReply, statusEvent, platformEvent, logEvent } = WORDS[line]

  async function withSandbox(
    watchSandbox: NonNullable<Script['stream']>[string],
    use: (sandbox: Sandbox, gateway: ScriptedGateway) => Promise<void>,
  ): Promise<void> {
    await using gateway = await startScriptedGateway(line, {
      unary: { getSandbox: () => sandboxReply(SandboxPhase.PROVISIONING) },
      stream: { watchSandbox },
    })
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
    await use(await client.sandboxes.get('box'), gateway)
  }

  test('reports a reconnect, and drops the log lines and events that the new stream repeats', async () => {
    let streams = 0
    const requests: unknown[] = []
    await withSandbox(
      (request, call) => {
        streams += 1
        requests.push(request)
        call.write(statusEvent(SandboxPhase.READY))
        call.write(logEvent('one', 10))
        call.write(platformEvent({}, 'pulled', 10))
        if (streams === 1) return
        call.write(logEvent('one, at the same time', 10))
        call.write(logEvent('two', 11))
      },
      async (sandbox, gateway) => {
        const seen: string[] = []
        for await (const event of sandbox.watch({ logs: true })) {
          seen.push(textOf(event))
          if (event.type === 'platform-event' && streams === 1) gateway.dropConnections()
          if (seen.at(-1) === 'two') break
        }
        expect(seen).toEqual([
          'ready',
          'one',
          'pulled',
          'disconnected: unavailable',
          'reconnected',
          'ready',
          'one, at the same time',
          'two',
        ])
      },
    )
    expect(requests).toMatchObject([
      { eventTail: 0, logTailLines: 0 },
      { eventTail: 50, logTailLines: 2000 },
    ])
  })

  test('says at once that the connection is lost, also where nobody answers any more', async () => {
    let answer: (reply: object) => void = () => undefined
    const silence = new Promise<object>((resolve) => {
      answer = resolve
    })
    let looks = 0
    await using gateway = await startScriptedGateway(line, {
      unary: { getSandbox: () => (looks++ === 0 ? sandboxReply() : silence) },
      stream: { watchSandbox: (_, call) => call.write(statusEvent(SandboxPhase.READY)) },
    })
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
    const watch = (await client.sandboxes.get('box')).watch()
    await watch.next()
    gateway.dropConnections()
    expect(await watch.next()).toMatchObject({ value: { type: 'disconnected', error: { kind: 'unavailable' } } })
    answer(sandboxReply())
    await watch.return()
  })

  test('asks for what is followed, and for which lines, as its line writes it', async () => {
    const asked: unknown[] = []
    await using gateway = await startScriptedGateway(line, {
      unary: {
        getSandbox: () => sandboxReply(),
        getSandboxLogs: (request) => {
          asked.push(request)
          return { logs: [], bufferTotal: 0 }
        },
      },
      stream: {
        watchSandbox: (request, call) => {
          asked.push(request)
          call.write(statusEvent(SandboxPhase.READY))
        },
      },
    })
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
    const sandbox = await client.sandboxes.get('box')
    const since = new Date(5_000)
    const filters = { logTailLines: 7, logSince: since, logSources: ['sandbox'], minimumLogLevel: 'WARN' }
    const watch = sandbox.watch({ status: false, events: false, logs: true, ...filters })
    await watch.next()
    await watch.return()
    await sandbox.logs({ lines: 8, since, sources: ['gateway'], minimumLevel: 'ERROR' })
    const scope = { workspaceScope: { selection: { case: 'workspace', value: WORKSPACE } } }
    const [place, from, sinceThen] =
      line === '0.0'
        ? [{ id: 'id-1' }, { sandboxId: 'id-1', workspace: WORKSPACE, sinceMs: 5_000n }, { logSinceMs: 5_000n }]
        : [
            { sandbox: 'box', ...scope },
            { sandbox: 'box', ...scope, sinceTime: { seconds: 5n } },
            { sinceTime: { seconds: 5n } },
          ]
    const followed = { followStatus: false, followEvents: false, followLogs: true, stopOnTerminal: false }
    expect(asked).toMatchObject([
      { ...place, ...followed, ...sinceThen, logTailLines: 7, logSources: ['sandbox'], logMinLevel: 'WARN' },
      { ...from, lines: 8, sources: ['gateway'], minLevel: 'ERROR' },
    ])
  })

  test('reports a gap when the replay does not reach back', async () => {
    let streams = 0
    await withSandbox(
      (_, call) => {
        streams += 1
        call.write(logEvent(`line ${streams}`, streams * 10))
      },
      async (sandbox, gateway) => {
        const seen: string[] = []
        for await (const event of sandbox.watch({ logs: true })) {
          seen.push(textOf(event))
          if (seen.length === 1) gateway.dropConnections()
          if (seen.at(-1) === 'line 2') break
        }
        expect(seen).toEqual(['line 1', 'disconnected: unavailable', 'reconnected', 'buffer-trimmed', 'line 2'])
      },
    )
  })

  test('reports a gap when the gateway dropped what was read too slowly, and goes on', async () => {
    let streams = 0
    await withSandbox(
      (_, call) => {
        streams += 1
        if (streams === 1) failStream(call, { code: 8, message: 'watch stream lagged; dropped 7 messages' })
        else call.write(statusEvent(SandboxPhase.READY))
      },
      async (sandbox) => {
        const seen: string[] = []
        for await (const event of sandbox.watch()) {
          seen.push(textOf(event))
          if (event.type === 'status') break
        }
        expect(seen).toEqual(['lagged', 'disconnected: resource-exhausted', 'reconnected', 'ready'])
      },
    )
  })

  test('ends with the error for what a new stream cannot cure', async () => {
    await withSandbox(
      (_, call) => failStream(call, { code: 7, message: 'no' }),
      async (sandbox) => {
        expect(await failureOf(sandbox.watch().next())).toMatchObject({
          kind: 'permission-denied',
          rpc: 'WatchSandbox',
        })
      },
    )
  })

  test('cancels the stream when the loop is left', async () => {
    let cancelled: Promise<void> | undefined
    await withSandbox(
      (_, call) => {
        cancelled = new Promise((resolve) => call.once('cancelled', resolve))
        call.write(statusEvent(SandboxPhase.READY))
      },
      async (sandbox) => {
        for await (const event of sandbox.watch()) if (event.type === 'status') break
        await cancelled
      },
    )
    expect(cancelled).toBeDefined()
  })
})

function textOf(event: WatchEvent): string {
  switch (event.type) {
    case 'status':
      return event.info.phase
    case 'log':
      return event.line.message
    case 'platform-event':
      return event.event.message
    case 'gap':
      return event.reason
    case 'disconnected':
      return `disconnected: ${event.error?.kind}`
    case 'reconnected':
    case 'deleted':
      return event.type
  }
}
