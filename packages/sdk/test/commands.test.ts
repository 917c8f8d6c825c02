import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { ExecStore } from '../src/files/exec-store.js'
import { CommandFailedError, ExecResultUnknownError, OpenShellClient, type Sandbox } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { WORDS } from './line-words.js'
import { liveBytes } from './live-bytes.js'
import { failStream, type Script, startScriptedGateway } from './scripted-gateway.js'

const bytes = (text: string) => new TextEncoder().encode(text)
const stdout = (text: string) => ({ payload: { case: 'stdout', value: { data: bytes(text) } } })
const stderr = (text: string) => ({ payload: { case: 'stderr', value: { data: bytes(text) } } })
const MEBIBYTE = 1024 * 1024
const exit = (exitCode: number) => ({ payload: { case: 'exit', value: { exitCode } } })

describe.each(LINES)('on line %s', (line) => {
  async function withSandbox(
    execSandbox: NonNullable<Script['stream']>[string],
    use: (sandbox: Sandbox, calls: readonly string[]) => Promise<void>,
  ): Promise<void> {
    await using gateway = await startScriptedGateway(line, {
      unary: { getSandbox: () => WORDS[line].sandboxReply() },
      stream: { execSandbox },
    })
    const { endpoint } = gateway
    await using client = await OpenShellClient.connect({ endpoint, workspace: WORKSPACE, retry: { baseDelayMs: 1 } })
    await use(await client.sandboxes.get('box'), gateway.calls)
  }

  describe('commands.run', () => {
    test('returns output and a non-zero exit code as a result', async () => {
      await withSandbox(
        (_, call) => {
          call.write(stdout('out'))
          call.write(stderr('err'))
          call.write(exit(7))
          call.end()
        },
        async (sandbox) => {
          const result = await sandbox.commands.run(['false'])
          expect(result).toMatchObject({ exitCode: 7, timedOut: false, truncated: false, truncatedStreams: [] })
          expect([result.stdoutText, result.stderrText]).toEqual(['out', 'err'])
        },
      )
    })

    test('sends the arguments as they are, and the limit as its line has it: rounded up to seconds, or exact', async () => {
      const requests: unknown[] = []
      await withSandbox(
        (request, call) => {
          requests.push(request)
          call.write(exit(0))
          call.end()
        },
        async (sandbox) => {
          await sandbox.commands.run(['echo', '$HOME'], {
            cwd: '/tmp',
            environment: { A: 'b' },
            stdin: 'in',
            timeoutMs: 1001,
          })
          await sandbox.commands.run('echo $HOME')
        },
      )
      const scope = { workspaceScope: { selection: { case: 'workspace', value: WORKSPACE } } }
      const [limited, endless] =
        line === '0.0'
          ? [{ sandboxId: 'id-1', timeoutSeconds: 2 }, { timeoutSeconds: 0 }]
          : [{ sandbox: 'box', ...scope, executionTimeout: { seconds: 1n, nanos: 1_000_000 } }, scope]
      expect(requests).toMatchObject([
        { ...limited, command: ['echo', '$HOME'], workdir: '/tmp', environment: { A: 'b' } },
        { ...endless, command: ['bash', '-c', 'echo $HOME'] },
      ])
      if (line === '0.1') expect(requests[1]).not.toHaveProperty('executionTimeout')
    })

    test('fails with what it has when the stream ends without an exit', async () => {
      await withSandbox(
        (_, call) => {
          call.write(stdout('so far'))
          call.end()
        },
        async (sandbox) => {
          const error = await failureOf(sandbox.commands.run(['true']))
          expect(error).toBeInstanceOf(ExecResultUnknownError)
          expect(error).toMatchObject({ kind: 'exec-result-unknown', dispatched: true, stdout: bytes('so far') })
        },
      )
    })

    test('fails with an unknown result when the relay closes before the exit', async () => {
      await withSandbox(
        (_, call) =>
          failStream(call, { code: 14, message: 'exec relay closed before the command reported an exit status' }),
        async (sandbox) => {
          expect(await failureOf(sandbox.commands.run(['true']))).toMatchObject({ kind: 'exec-result-unknown' })
        },
      )
    })

    test.each([
      [9, 'sandbox is not ready', 'failed-precondition'],
      [5, 'sandbox not found', 'not-found'],
      [14, 'supervisor relay failed: x', 'unavailable'],
      [4, 'relay open timed out', 'timeout'],
    ])('keeps the kind of refusal %i, after which nothing has run', async (code, message, kind) => {
      await withSandbox(
        (_, call) => failStream(call, { code, message }),
        async (sandbox) => expect(await failureOf(sandbox.commands.run(['true']))).toMatchObject({ kind }),
      )
    })

    test('keeps the first bytes of each stream and says which one overflowed', async () => {
      await withSandbox(
        (_, call) => {
          call.write(stdout('abcdef'))
          call.write(stderr('xyz'))
          call.write(exit(0))
          call.end()
        },
        async (sandbox) => {
          const result = await sandbox.commands.run(['true'], { maxOutputBytes: 4 })
          expect([result.stdoutText, result.stderrText]).toEqual(['abcd', 'xyz'])
          expect(result).toMatchObject({ truncated: true, truncatedStreams: ['stdout'], exitCode: 0 })
        },
      )
    })

    test('holds no more of a long output than maxOutputBytes, also before its end', async () => {
      const piece = { payload: { case: 'stdout', value: { data: new Uint8Array(MEBIBYTE / 2) } } }
      const pieces = 64
      await withSandbox(
        async (_, call) => {
          for (let sent = 0; sent < pieces; sent += 1) if (!call.write(piece)) await once(call, 'drain')
          call.write(exit(0))
          call.end()
        },
        async (sandbox) => {
          const before = await liveBytes()
          let heard = 0
          let held = Number.NaN
          const onStdout = async () => {
            heard += 1
            if (heard === pieces) held = (await liveBytes()) - before
          }
          const result = await sandbox.commands.run(['true'], { maxOutputBytes: MEBIBYTE, onStdout })
          expect(result).toMatchObject({ exitCode: 0, truncatedStreams: ['stdout'] })
          expect(result.stdout.buffer.byteLength).toBe(MEBIBYTE)
          expect(held).toBeLessThan(16 * MEBIBYTE)
        },
      )
    })

    test('gives chunks to the listeners and ends with what a listener throws', async () => {
      let cancelled: Promise<void> | undefined
      await withSandbox(
        (_, call) => {
          cancelled = new Promise((resolve) => call.once('cancelled', resolve))
          call.write(stdout('one'))
          call.write(stdout('two'))
        },
        async (sandbox) => {
          const chunks: string[] = []
          const run = sandbox.commands.run(['true'], {
            onStdout: async (chunk) => {
              chunks.push(new TextDecoder().decode(chunk))
              if (chunks.length === 2) throw new RangeError('enough')
            },
          })
          await expect(run).rejects.toThrow(RangeError)
          expect(chunks).toEqual(['one', 'two'])
          await cancelled
        },
      )
    })

    test('includes output that arrives after the exit event', async () => {
      await withSandbox(
        (_, call) => {
          call.write(exit(0))
          call.write(stdout('tail'))
          call.end()
        },
        async (sandbox) => {
          expect(await sandbox.commands.run(['true'])).toMatchObject({ stdoutText: 'tail', truncated: false })
        },
      )
    })

    test('returns the result when the stream breaks after the exit event, and says that output may be missing', async () => {
      await withSandbox(
        (_, call) => {
          call.write(exit(3))
          failStream(call, { code: 14, message: 'gone' })
        },
        async (sandbox) => {
          expect(await sandbox.commands.run(['true'])).toMatchObject({
            exitCode: 3,
            truncated: true,
            truncatedStreams: ['stdout', 'stderr'],
            outputError: { kind: 'unavailable', message: expect.stringContaining('gone') },
          })
        },
      )
    })

    test('gives no file that is cut short when the stream breaks after the exit event', async () => {
      await withSandbox(
        (_, call) => {
          call.write(stdout('half'))
          call.write(exit(0))
          failStream(call, { code: 14, message: 'gone' })
        },
        async (sandbox) => {
          const store = new ExecStore(sandbox.commands)
          const read = async () => {
            for await (const _ of store.read('a', new AbortController().signal));
          }
          for (const work of [read(), store.realPath('a')]) {
            expect(await failureOf(work)).toMatchObject({ name: 'FileError', kind: 'unavailable', path: 'a' })
          }
        },
      )
    })

    test('throws the result with check, and not what the command wrote in its JSON', async () => {
      await withSandbox(
        (_, call) => {
          call.write(stdout('secret'))
          call.write(exit(1))
          call.end()
        },
        async (sandbox) => {
          const error = await failureOf(sandbox.commands.run(['false'], { check: true }))
          expect(error).toBeInstanceOf(CommandFailedError)
          expect(error).toMatchObject({ kind: 'command-failed', result: { exitCode: 1, stdoutText: 'secret' } })
          expect(JSON.stringify(error)).not.toContain('secret')
        },
      )
    })

    test('ends as aborted when the caller aborts, with the reason as cause', async () => {
      await withSandbox(
        (_, call) => call.write(stdout('running')),
        async (sandbox) => {
          const stop = new AbortController()
          const reason = new Error('enough')
          const run = sandbox.commands.run(['sleep', '9'], { signal: stop.signal, onStdout: () => stop.abort(reason) })
          const error = await failureOf(run)
          expect(error).toMatchObject({ kind: 'aborted', dispatched: true })
          expect(error.cause).toBe(reason)
        },
      )
    })

    test('reports every problem of a command at once and sends nothing', async () => {
      await withSandbox(
        (_, call) => call.end(),
        async (sandbox, calls) => {
          const environment = { '1BAD': 'x', OPENSHELL_X: 'y', OK: 'a\0b' }
          const error = await failureOf(sandbox.commands.run([], { environment }))
          expect(error.violations.map(({ field, reason }) => [field, reason])).toEqual([
            ['command', 'REQUIRED'],
            ['environment["1BAD"]', 'INVALID_NAME'],
            ['environment.OPENSHELL_X', 'RESERVED_NAME'],
            ['environment.OK', 'INVALID_CHARACTER'],
          ])
          expect(calls).not.toContain('execSandbox')
        },
      )
    })
  })

  describe('commands.start', () => {
    test('sends the command at once and gives its events in order, the exit last', async () => {
      await withSandbox(
        (_, call) => {
          call.write(stdout('a'))
          call.write(stderr('b'))
          call.write(exit(0))
          call.end()
        },
        async (sandbox) => {
          await using handle = await sandbox.commands.start(['true'])
          const events: unknown[] = []
          for await (const event of handle) events.push(event)
          // Bytes of the platform's own kind, and no Buffer.
          expect(events).toStrictEqual([
            { type: 'stdout', data: bytes('a') },
            { type: 'stderr', data: bytes('b') },
            { type: 'exit', exitCode: 0, exit: { type: 'exited', exitCode: 0 }, outputComplete: true },
          ])
        },
      )
    })

    test('ends a reader without an error after detach, and with kind aborted after cancel', async () => {
      await withSandbox(
        (_, call) => call.write(stdout('running')),
        async (sandbox) => {
          const detached = await sandbox.commands.start(['sleep', '9'])
          const reading = detached.wait()
          detached.detach()
          expect(await reading).toEqual({ type: 'unknown' })
          const cancelled = await sandbox.commands.start(['sleep', '9'])
          const failing = failureOf(cancelled.wait())
          cancelled.cancel()
          expect(await failing).toMatchObject({ kind: 'aborted' })
        },
      )
    })

    test('leaves no rejection behind when nobody reads a command that fails', async () => {
      const rejections: unknown[] = []
      const listen = (reason: unknown) => rejections.push(reason)
      process.on('unhandledRejection', listen)
      await withSandbox(
        (_, call) => failStream(call, { code: 9, message: 'sandbox is not ready' }),
        async (sandbox) => {
          await using _handle = await sandbox.commands.start(['true'])
        },
      )
      await new Promise((resolve) => setImmediate(resolve))
      process.off('unhandledRejection', listen)
      expect(rejections).toEqual([])
    })
  })
})
