import { describe, expect, test } from 'vitest'
import { OpenShellClient, type Sandbox, type SandboxProgress, WaitFailedError, type WireLine } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { SandboxPhase, type ScriptedState, WORDS } from './line-words.js'
import { type Script, type ScriptedGateway, startScriptedGateway } from './scripted-gateway.js'

type WatchHandler = NonNullable<Script['stream']>[string]
type WatchCall = Parameters<WatchHandler>[1]

/** The phases at which a gateway ends a stream that asks for that. */
const TERMINAL = {
  '0.0': [SandboxPhase.READY],
  '0.1': [SandboxPhase.READY, SandboxPhase.COMPLETED, SandboxPhase.STOPPED, SandboxPhase.ERROR],
} as const satisfies Record<WireLine, readonly SandboxPhase[]>

const NOT_READY = { type: 'Ready', status: 'False', reason: 'SupervisorNotConnected', message: 'waiting for a call' }

// Most of the time is pauses before a stream is opened again.
describe.concurrent.each(LINES)('on line %s', (line) => {
  const { sandboxReply, statusEvent, platformEvent } = WORDS[line]

  /** Tells a state, and ends the stream where a gateway does. */
  function tell(
    { stopOnTerminal }: { readonly stopOnTerminal: boolean },
    call: WatchCall,
    phase: SandboxPhase,
    state?: ScriptedState,
  ): void {
    call.write(statusEvent(phase, state))
    const terminal: readonly SandboxPhase[] = TERMINAL[line]
    if (stopOnTerminal && terminal.includes(phase)) call.end()
  }

  async function withSandbox(
    watchSandbox: WatchHandler | undefined,
    use: (sandbox: Sandbox, gateway: ScriptedGateway) => Promise<void>,
    unary: Script['unary'] = {},
  ): Promise<void> {
    await using gateway = await startScriptedGateway(line, {
      unary: { getSandbox: () => sandboxReply(SandboxPhase.PROVISIONING), ...unary },
      ...(watchSandbox ? { stream: { watchSandbox } } : {}),
    })
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
    await use(await client.sandboxes.get('box'), gateway)
  }

  describe('waitReady', () => {
    test('watches the sandbox as its line names it, and reports phases and the steps of platform events', async () => {
      const requests: unknown[] = []
      const progress: SandboxProgress[] = []
      await withSandbox(
        (request: { readonly stopOnTerminal: boolean }, call) => {
          requests.push(request)
          tell(request, call, SandboxPhase.PROVISIONING)
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
          tell(request, call, SandboxPhase.READY)
        },
        async (sandbox) => {
          expect((await sandbox.waitReady({ onProgress: (report) => void progress.push(report) })).phase).toBe('ready')
        },
      )
      const target =
        line === '0.0'
          ? { id: 'id-1' }
          : { sandbox: 'box', workspaceScope: { selection: { case: 'workspace', value: WORKSPACE } } }
      const followed = { followStatus: true, followEvents: true, followLogs: false, stopOnTerminal: true }
      expect(requests).toMatchObject([{ ...target, ...followed }])
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
      [SandboxPhase.STOPPING, 'stopping'],
      [SandboxPhase.STOPPED, 'stopped'],
      ...(line === '0.1' ? [[SandboxPhase.COMPLETED, 'completed'] as const] : []),
    ] as const)('fails at once in phase %i with the texts of the conditions and the exit code', async (phase, name) => {
      await withSandbox(
        (request, call) => tell(request, call, phase, { exitCode: 0, conditions: [NOT_READY] }),
        async (sandbox) => {
          const error = await failureOf(sandbox.waitReady())
          expect(error).toBeInstanceOf(WaitFailedError)
          expect(error).toMatchObject({ kind: 'wait-failed', lastInfo: { phase: name, exitCode: 0 } })
          expect(error.message).toContain('exit code 0; Ready=False SupervisorNotConnected: waiting for a call')
        },
      )
    })

    test('waits through phases on the way, and those that this release does not know', async () => {
      await withSandbox(
        (request, call) => {
          const { UNSPECIFIED, UNKNOWN, STARTING } = SandboxPhase
          for (const phase of [UNSPECIFIED, UNKNOWN, STARTING, 77 as SandboxPhase]) tell(request, call, phase)
          tell(request, call, SandboxPhase.READY)
        },
        async (sandbox) => {
          const phases: string[] = []
          await sandbox.waitReady({ onProgress: ({ phase }) => void phases.push(phase) })
          expect(phases).toEqual(['unspecified', 'unknown', 'starting', 'unrecognized', 'ready'])
        },
      )
    })

    test('accepts the stopped phases after a start was asked for', async () => {
      await withSandbox(
        (request, call) => {
          tell(request, call, SandboxPhase.STOPPED)
          tell(request, call, SandboxPhase.READY)
        },
        async (sandbox) => {
          await sandbox.start()
          expect((await sandbox.waitReady()).phase).toBe('ready')
        },
        { startSandbox: () => sandboxReply(SandboxPhase.STARTING) },
      )
    })

    test('ends at timeoutMs, names the option, and holds the last state with its conditions', async () => {
      await withSandbox(
        (request, call) => tell(request, call, SandboxPhase.PROVISIONING, { conditions: [NOT_READY] }),
        async (sandbox) => {
          const error = await failureOf(sandbox.waitReady({ timeoutMs: 150 }))
          expect(error).toMatchObject({ kind: 'timeout', retryable: true, lastInfo: { phase: 'provisioning' } })
          expect(error).toHaveProperty('lastChangeAt', expect.any(Date))
          expect(error.message).toContain('timeoutMs: 150')
          expect(error.message).toContain('waiting for a call')
          expect(JSON.parse(JSON.stringify(error))).toMatchObject({ phase: 'provisioning', conditions: [NOT_READY] })
        },
      )
    })

    test('ends at idleTimeoutMs although the driver repeats the same observation', async () => {
      await withSandbox(
        (request, call) => {
          const timer = setInterval(() => tell(request, call, SandboxPhase.PROVISIONING), 20)
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
        (request, call) => {
          streams += 1
          tell(request, call, streams === 1 ? SandboxPhase.PROVISIONING : SandboxPhase.READY)
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
            return sandboxReply(SandboxPhase.PROVISIONING)
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
            return sandboxReply(SandboxPhase.READY, {}, asked === 1 ? 'id-1' : 'id-2')
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
            return sandboxReply(asked < 3 ? SandboxPhase.PROVISIONING : SandboxPhase.READY)
          },
        },
      )
      expect(asked).toBe(3)
    })

    test('takes limits that are longer than a timer can wait for no limit, and refuses a mistyped one', async () => {
      await withSandbox(
        (request, call) => setImmediate(() => tell(request, call, SandboxPhase.READY)),
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
        (request, call) => tell(request, call, SandboxPhase.PROVISIONING),
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

    test('gives up on a gateway that does not end the stream', async () => {
      await withSandbox(
        (_, call) => call.write(statusEvent(SandboxPhase.READY)),
        async (sandbox) => {
          expect((await sandbox.waitReady()).phase).toBe('ready')
        },
      )
    })

    // Node.js as a server, and others, cut a connection over about a thousand streams that are cancelled in a row.
    test('1,500 waits go over one connection, which is never cut', { timeout: 60_000 }, async () => {
      let opened = 0
      await withSandbox(
        (request: { readonly stopOnTerminal: boolean }, call) => {
          opened += 1
          tell(request, call, TERMINAL[line][opened % TERMINAL[line].length] ?? SandboxPhase.READY)
        },
        async (sandbox, gateway) => {
          for (let batch = 0; batch < 15; batch += 1) {
            await Promise.allSettled(Array.from({ length: 100 }, () => sandbox.waitReady()))
          }
          expect([opened, gateway.accepted]).toEqual([1_500, 1])
        },
      )
    })

    test('ends as aborted when the caller aborts', async () => {
      await withSandbox(
        (request, call) => tell(request, call, SandboxPhase.PROVISIONING),
        async (sandbox) => {
          const stop = new AbortController()
          const waiting = sandbox.waitReady({ signal: stop.signal, onProgress: () => stop.abort() })
          expect(await failureOf(waiting)).toMatchObject({ kind: 'aborted' })
        },
      )
    })
  })

  describe('create', () => {
    // The main process decides: `true` has ended before a client sees the sandbox ready.
    test('takes work that is done with code 0 for a success where the line has a phase for that, and deletes nothing', async () => {
      const deleted: unknown[] = []
      const phase = line === '0.1' ? SandboxPhase.COMPLETED : SandboxPhase.ERROR
      await using gateway = await startScriptedGateway(line, {
        unary: {
          createSandbox: () => sandboxReply(SandboxPhase.PROVISIONING),
          getSandbox: () => sandboxReply(phase, { exitCode: 0 }),
          deleteSandbox: (request) => {
            deleted.push(request)
            return {}
          },
        },
        stream: {
          watchSandbox: (request: { readonly stopOnTerminal: boolean }, call) => {
            tell(request, call, SandboxPhase.PROVISIONING)
            tell(request, call, phase, { exitCode: 0 })
          },
        },
      })
      await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
      const creating = client.sandboxes.create({ name: 'box', command: ['true'] }, { keep: true, timeoutMs: 30_000 })
      if (line === '0.1') {
        expect((await creating).info).toMatchObject({ phase: 'completed', exitCode: 0 })
      } else {
        const error = await failureOf(creating)
        expect(error).toMatchObject({ kind: 'wait-failed', lastInfo: { phase: 'error', exitCode: 0 } })
        expect(error.hint).toContain('waitReady: false')
      }
      expect(deleted).toEqual([])
    })
  })
})
