import type { ServerHttp2Stream } from 'node:http2'
import { create, toBinary } from '@bufbuild/protobuf'
import { ExecSandboxEventSchema } from '@openshell-ts/protocol/v0-1'
import { describe, expect, test } from 'vitest'
import { type CommandRunOptions, OpenShellClient, type Sandbox } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { startHttp2Front } from './http2-front.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { WORDS } from './line-words.js'
import { frame, reply } from './raw-grpc-server.js'
import { startScriptedGateway } from './scripted-gateway.js'

/** An event of a command as it goes over the wire; both lines write it alike. */
const event = (of: 'stdout' | 'stderr', text: string) =>
  toEvent({ case: of, value: { data: new TextEncoder().encode(text) } })
const exit = toEvent({ case: 'exit', value: { exitCode: 3 } })
const LONG = 'long '.repeat(10_000)

function toEvent(payload: NonNullable<Parameters<typeof create<typeof ExecSandboxEventSchema>>[1]>['payload']): Buffer {
  return frame(toBinary(ExecSandboxEventSchema, create(ExecSandboxEventSchema, payload ? { payload } : {})))
}

describe.each(LINES)('on line %s, the output of a command', (line) => {
  /** Runs a command whose call is answered by hand, byte by byte. */
  async function run<T>(
    answer: (stream: ServerHttp2Stream) => void,
    use: (commands: Sandbox['commands']) => Promise<T>,
  ): Promise<{ outcome: T; calls: number }> {
    await using gateway = await startScriptedGateway(line, {
      unary: { getSandbox: () => WORDS[line].sandboxReply() },
    })
    let calls = 0
    await using front = await startHttp2Front(gateway.endpoint, (stream, headers) => {
      if (!headers[':path']?.endsWith('/ExecSandbox')) return false
      calls += 1
      answer(stream)
      return true
    })
    const { endpoint } = front
    await using client = await OpenShellClient.connect({ endpoint, workspace: WORKSPACE, retry: { baseDelayMs: 1 } })
    const { commands } = await client.sandboxes.get('box')
    return { outcome: await use(commands), calls }
  }

  const heard: CommandRunOptions = { onStdout: () => undefined }

  test.each([
    ['collected as it arrives', {}],
    ['heard', heard],
  ])('is whole and in order when it is %s', async (_, options) => {
    const events = ['a', LONG, '', 'b', LONG].map((text) => event('stdout', text))
    const bytes = Buffer.concat([...events, event('stderr', 'oh'), exit, event('stdout', 'after the exit')])
    const { outcome } = await run(
      (stream) => reply(stream, bytes),
      (commands) => commands.run(['true'], options),
    )
    expect(outcome).toMatchObject({ exitCode: 3, stderrText: 'oh', truncated: false })
    expect(outcome.stdoutText).toBe(`a${LONG}b${LONG}after the exit`)
  })

  test('is kept when the stream breaks inside of it, and the command does not run twice', async () => {
    const begun = event('stdout', LONG).subarray(0, 1_000)
    const { outcome, calls } = await run(
      (stream) => reply(stream, begun, { 'grpc-status': '14', 'grpc-message': 'gone' }),
      (commands) => failureOf(commands.run(['true'])),
    )
    expect(outcome).toMatchObject({ kind: 'exec-result-unknown' })
    expect(Buffer.from(Object(outcome).stdout).toString()).toBe(LONG.slice(0, 1_000 - 5 - 8))
    expect(calls).toBe(1)
  })
})
