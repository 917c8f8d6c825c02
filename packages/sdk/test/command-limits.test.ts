import { setImmediate } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type CommandResult, OpenShellClient, type OpenShellError, type Sandbox } from '../src/index.js'
import { failureOf } from './failure-of.js'
import { LINES, WORKSPACE } from './line-gateway.js'
import { WORDS } from './line-words.js'
import { type Script, startScriptedGateway } from './scripted-gateway.js'

const stdout = (text: string) => ({ payload: { case: 'stdout', value: { data: Buffer.from(text) } } })
const exit = { payload: { case: 'exit', value: { exitCode: 0 } } }

/** Lets time pass until the work is done. */
async function pass<T>(work: Promise<T>): Promise<T> {
  let settled = false
  const settle = () => {
    settled = true
  }
  work.then(settle, settle)
  while (!settled) {
    await setImmediate()
    vi.advanceTimersByTime(500)
  }
  return work
}

describe.each(LINES)('on line %s, a command', (line) => {
  /** Runs a command, and lets time pass once its first output is there. */
  async function run<T>(
    execSandbox: NonNullable<Script['stream']>[string],
    start: (sandbox: Sandbox, onStdout: () => void) => Promise<T>,
  ): Promise<T> {
    await using gateway = await startScriptedGateway(line, {
      unary: { getSandbox: () => WORDS[line].sandboxReply() },
      stream: { execSandbox },
    })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint, workspace: WORKSPACE })
    let heard = false
    const work = start(await client.sandboxes.get('box'), () => {
      heard = true
    })
    while (!heard) await setImmediate()
    return await pass(work)
  }

  test('whose gateway falls silent is given up when its limit is over, and the time that its report may take', async () => {
    const error = await run<OpenShellError>(
      (_, call) => call.write(stdout('so far')),
      ({ commands }, onStdout) => failureOf(commands.run(['sleep', '9'], { timeoutMs: 200, onStdout })),
    )
    expect(error).toMatchObject({
      kind: 'exec-result-unknown',
      stdout: new Uint8Array(Buffer.from('so far')),
      cause: { kind: 'timeout' },
    })
    expect(error.message).toContain('timeoutMs and 45 s')
  })

  test('that has ended is waited for a moment longer, for the end of its output alone', async () => {
    const result = await run<CommandResult>(
      (_, call) => {
        call.write(exit)
        call.write(stdout('tail'))
      },
      ({ commands }, onStdout) => commands.run(['true'], { onStdout }),
    )
    expect(result).toMatchObject({ exitCode: 0, stdoutText: 'tail', truncated: true })
    expect(result).not.toHaveProperty('outputError')
  })
})
