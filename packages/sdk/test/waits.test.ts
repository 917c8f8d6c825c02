import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { describe, expect, test } from 'vitest'
import { OpenShellClient, type Sandbox, type SandboxProgress, WaitFailedError, type WatchEvent } from '../src/index.js'
import { failureOf } from './failure-of.js'
import {
  failStream,
  type Script,
  type ScriptedGateway,
  sandboxReply,
  startScriptedGateway,
  wireSandbox,
} from './scripted-gateway.js'

type WatchHandler = NonNullable<Script['stream']>[string]

const status = (phase: SandboxPhase, extra: object = {}) => ({
  payload: { case: 'sandbox', value: wireSandbox(phase, extra) },
})
const platformEvent = (metadata: Record<string, string>, message = '', timestampMs = 1n) => ({
  payload: { case: 'event', value: { timestampMs, source: 'acme', type: 'Normal', reason: 'R', message, metadata } },
})
const logLine = (message: string, timestampMs: bigint) => ({
  payload: { case: 'log', value: { timestampMs, level: 'INFO', source: 'sandbox', target: 't', message } },
})
const NOT_READY = { type: 'Ready', status: 'False', reason: 'SupervisorNotConnected', message: 'waiting for a call' }

async function withSandbox(
  watchSandbox: WatchHandler | undefined,
  use: (sandbox: Sandbox, gateway: ScriptedGateway) => Promise<void>,
  unary: Script['unary'] = {},
): Promise<void> {
  await using gateway = await startScriptedGateway({
    unary: { getSandbox: () => sandboxReply(wireSandbox(SandboxPhase.PROVISIONING)), ...unary },
    ...(watchSandbox ? { stream: { watchSandbox } } : {}),
  })
  await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: 'team-a' })
  await use(await client.sandboxes.get('box'), gateway)
}

describe('waitReady', () => {
  test('watches by id, and reports phases and the steps of platform events', async () => {
    const requests: unknown[] = []
    const progress: SandboxProgress[] = []
    await withSandbox(
      (request, call) => {
        requests.push(request)
        call.write(status(SandboxPhase.PROVISIONING))
        call.write(
          platformEvent(
            { 'openshell.progress.active_step': 'pulling_image', 'openshell.progress.active_detail': '5 MB' },
            'pulling',
          ),
        )
        call.write(
          platformEvent({
            'openshell.progress.complete_step': 'pulling_image',
            'openshell.progress.complete_label': 'Image pulled',
          }),
        )
        call.write(status(SandboxPhase.READY))
      },
      async (sandbox) => {
        expect((await sandbox.waitReady({ onProgress: (report) => void progress.push(report) })).phase).toBe('ready')
      },
    )
    expect(requests).toMatchObject([{ id: 'id-1', followStatus: true, followEvents: true, followLogs: false }])
    expect(progress.map(({ phase, step, detail, label }) => [phase, step, detail, label])).toEqual([
      ['provisioning', undefined, undefined, undefined],
      ['provisioning', 'pulling_image', '5 MB', undefined],
      ['provisioning', undefined, undefined, 'Image pulled'],
      ['ready', undefined, undefined, 'Image pulled'],
    ])
  })

  test.each([
    [SandboxPhase.ERROR, 'error'],
    [SandboxPhase.DELETING, 'deleting'],
    [SandboxPhase.STOPPED, 'stopped'],
  ])('fails at once in phase %i with the texts of the conditions and the exit code', async (phase, name) => {
    await withSandbox(
      (_, call) => call.write(status(phase, { exitCode: 0, conditions: [NOT_READY] })),
      async (sandbox) => {
        const error = await failureOf(sandbox.waitReady())
        expect(error).toBeInstanceOf(WaitFailedError)
        expect(error).toMatchObject({ kind: 'wait-failed', lastInfo: { phase: name, exitCode: 0 } })
        expect(error.message).toContain('exit code 0; Ready=False SupervisorNotConnected: waiting for a call')
      },
    )
  })

  test('waits through phases that this release does not know', async () => {
    await withSandbox(
      (_, call) => {
        call.write(status(77 as SandboxPhase))
        call.write(status(SandboxPhase.READY))
      },
      async (sandbox) => {
        const phases: string[] = []
        await sandbox.waitReady({ onProgress: ({ phase }) => void phases.push(phase) })
        expect(phases).toEqual(['unrecognized', 'ready'])
      },
    )
  })

  test('accepts the stopped phases after a start was asked for', async () => {
    await withSandbox(
      (_, call) => {
        call.write(status(SandboxPhase.STOPPED))
        call.write(status(SandboxPhase.READY))
      },
      async (sandbox) => {
        await sandbox.start()
        expect((await sandbox.waitReady()).phase).toBe('ready')
      },
      { startSandbox: () => sandboxReply(wireSandbox(SandboxPhase.STARTING)) },
    )
  })

  test('ends at timeoutMs, names the option, and holds the last state with its conditions', async () => {
    await withSandbox(
      (_, call) => call.write(status(SandboxPhase.PROVISIONING, { conditions: [NOT_READY] })),
      async (sandbox) => {
        const startedAt = performance.now()
        const error = await failureOf(sandbox.waitReady({ timeoutMs: 150 }))
        expect(performance.now() - startedAt).toBeLessThan(1_500)
        expect(error).toMatchObject({ kind: 'timeout', retryable: true, lastInfo: { phase: 'provisioning' } })
        expect(error.message).toContain('timeoutMs: 150')
        expect(error.message).toContain('waiting for a call')
        expect(JSON.parse(JSON.stringify(error))).toMatchObject({ phase: 'provisioning', conditions: [NOT_READY] })
      },
    )
  })

  test('ends at idleTimeoutMs although the driver repeats the same observation', async () => {
    await withSandbox(
      (_, call) => {
        const timer = setInterval(() => call.write(status(SandboxPhase.PROVISIONING)), 20)
        call.once('cancelled', () => clearInterval(timer))
      },
      async (sandbox) => {
        const error = await failureOf(sandbox.waitReady({ idleTimeoutMs: 150 }))
        expect(error).toMatchObject({ kind: 'timeout' })
        expect(error.message).toContain('idleTimeoutMs: 150')
      },
    )
  })

  test('goes on over a lost connection', async () => {
    let streams = 0
    await withSandbox(
      (_, call) => {
        streams += 1
        call.write(status(streams === 1 ? SandboxPhase.PROVISIONING : SandboxPhase.READY))
      },
      async (sandbox, gateway) => {
        await sandbox.waitReady({
          onProgress: ({ phase }) => {
            if (phase === 'provisioning') gateway.dropConnections()
          },
        })
        expect(streams).toBe(2)
      },
    )
  })

  test('fails when the sandbox is deleted meanwhile', async () => {
    let deleted = false
    await withSandbox(
      (_, call) => {
        deleted = true
        call.end()
      },
      async (sandbox) => {
        const error = await failureOf(sandbox.waitReady())
        expect(error).toMatchObject({ kind: 'wait-failed' })
        expect(error.message).toContain('it was deleted')
      },
      {
        getSandbox: () => {
          if (deleted) throw { code: 5, message: 'sandbox not found' }
          return sandboxReply(wireSandbox(SandboxPhase.PROVISIONING))
        },
      },
    )
  })

  test('takes another sandbox under the name for a deletion', async () => {
    let asked = 0
    await withSandbox(
      (_, call) => call.end(),
      async (sandbox) => {
        await sandbox.waitDeleted({ timeoutMs: 5_000 })
        expect(await failureOf(sandbox.refresh())).toMatchObject({ kind: 'not-found' })
        expect(await sandbox.delete()).toEqual({ outcome: 'absent' })
      },
      {
        getSandbox: () => {
          asked += 1
          return sandboxReply(wireSandbox(SandboxPhase.READY, {}, asked === 1 ? 'id-1' : 'id-2'))
        },
      },
    )
  })

  test('polls where the gateway has no watch', async () => {
    let asked = 0
    await withSandbox(
      undefined,
      async (sandbox) => {
        expect((await sandbox.waitReady({ timeoutMs: 10_000 })).phase).toBe('ready')
      },
      {
        getSandbox: () => {
          asked += 1
          return sandboxReply(wireSandbox(asked < 3 ? SandboxPhase.PROVISIONING : SandboxPhase.READY))
        },
      },
    )
    expect(asked).toBe(3)
  })

  test('takes limits that are longer than a timer can wait for no limit, and refuses a mistyped one', async () => {
    await withSandbox(
      (_, call) => setImmediate(() => call.write(status(SandboxPhase.READY))),
      async (sandbox) => {
        await sandbox.waitReady({ timeoutMs: Number.POSITIVE_INFINITY, idleTimeoutMs: 1e12 })
        const mistyped: object = { timeout: 5 }
        const error = await failureOf(sandbox.waitReady(mistyped))
        expect(error.message).toContain('did you mean "timeoutMs"?')
      },
    )
  })

  test('ends with what the listener throws', async () => {
    await withSandbox(
      (_, call) => call.write(status(SandboxPhase.PROVISIONING)),
      async (sandbox) => {
        const waiting = sandbox.waitReady({
          onProgress: () => {
            throw new RangeError('enough')
          },
        })
        await expect(waiting).rejects.toThrow(RangeError)
      },
    )
  })

  test('ends as aborted when the caller aborts', async () => {
    await withSandbox(
      (_, call) => call.write(status(SandboxPhase.PROVISIONING)),
      async (sandbox) => {
        const stop = new AbortController()
        const waiting = sandbox.waitReady({ signal: stop.signal, onProgress: () => stop.abort() })
        expect(await failureOf(waiting)).toMatchObject({ kind: 'aborted' })
      },
    )
  })
})

describe('watch', () => {
  test('reports a reconnect, and drops the log lines and events that the new stream repeats', async () => {
    let streams = 0
    const requests: unknown[] = []
    await withSandbox(
      (request, call) => {
        streams += 1
        requests.push(request)
        call.write(status(SandboxPhase.READY))
        call.write(logLine('one', 10n))
        call.write(platformEvent({}, 'pulled', 10n))
        if (streams === 1) return
        call.write(logLine('one, at the same time', 10n))
        call.write(logLine('two', 11n))
      },
      async (sandbox, gateway) => {
        const seen: string[] = []
        for await (const event of sandbox.watch({ logs: true })) {
          seen.push(textOf(event))
          if (event.type === 'platform-event' && streams === 1) gateway.dropConnections()
          if (seen.at(-1) === 'two') break
        }
        expect(seen).toEqual(['ready', 'one', 'pulled', 'reconnected', 'ready', 'one, at the same time', 'two'])
      },
    )
    expect(requests).toMatchObject([
      { eventTail: 0, logTailLines: 0 },
      { eventTail: 50, logTailLines: 2000 },
    ])
  })

  test('reports a gap when the replay does not reach back', async () => {
    let streams = 0
    await withSandbox(
      (_, call) => {
        streams += 1
        call.write(logLine(`line ${streams}`, BigInt(streams) * 10n))
      },
      async (sandbox, gateway) => {
        const seen: string[] = []
        for await (const event of sandbox.watch({ logs: true })) {
          seen.push(textOf(event))
          if (seen.length === 1) gateway.dropConnections()
          if (seen.at(-1) === 'line 2') break
        }
        expect(seen).toEqual(['line 1', 'reconnected', 'buffer-trimmed', 'line 2'])
      },
    )
  })

  test('reports a gap when the gateway dropped what was read too slowly, and goes on', async () => {
    let streams = 0
    await withSandbox(
      (_, call) => {
        streams += 1
        if (streams === 1) failStream(call, { code: 8, message: 'watch stream lagged; dropped 7 messages' })
        else call.write(status(SandboxPhase.READY))
      },
      async (sandbox) => {
        const seen: string[] = []
        for await (const event of sandbox.watch()) {
          seen.push(textOf(event))
          if (event.type === 'status') break
        }
        expect(seen).toEqual(['lagged', 'reconnected', 'ready'])
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
        call.write(status(SandboxPhase.READY))
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
    case 'reconnected':
    case 'deleted':
      return event.type
  }
}
