import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandHandle, ExecResultUnknownError, type Sandbox, type TerminalHandle } from '../src/index.js'
import { type DevStack, startDevStack } from './dev-stack.js'
import { failureOf } from './failure-of.js'

const MEBIBYTE = 1024 * 1024

/** Reads until the output holds the text, and returns all of it. */
async function readUntil(events: AsyncIterator<unknown>, text: string): Promise<string> {
  let output = ''
  while (!output.includes(text)) {
    const { value, done } = await events.next()
    if (done) throw new Error(`The command ended before it wrote ${text}: ${output}`)
    const event = value as { type: string; data: Uint8Array }
    if (event.type === 'stdout') output += new TextDecoder().decode(event.data)
  }
  return output
}

async function textOf(handle: TerminalHandle): Promise<{ text: string; exitCode: number }> {
  let text = ''
  for await (const event of handle) {
    if (event.type === 'exit') return { text, exitCode: event.exitCode }
    text += new TextDecoder().decode(event.data)
  }
  throw new Error('The command has no exit.')
}

describe.each(['0.0', '0.1'] as const)('commands on line %s', (line) => {
  let stack: DevStack
  let sandbox: Sandbox
  beforeAll(async () => {
    stack = await startDevStack({ line })
    sandbox = await stack.client.sandboxes.create({ name: 'box', command: ['sleep', 'infinity'] })
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test('give the same exit codes as numbers and told apart', async () => {
    const exits = await Promise.all(
      [0, 1, 2, 42, 126, 137].map(async (code) => {
        const { exitCode, exit } = await sandbox.commands.run(`echo on stderr >&2; exit ${code}`)
        return [exitCode, exit.type]
      }),
    )
    expect(exits).toEqual([
      [0, 'exited'],
      [1, 'exited'],
      [2, 'exited'],
      [42, 'exited'],
      [126, 'exited'],
      [137, 'signalled'],
    ])
  })

  test('read input that fits into no request, and nothing of it stays behind', async () => {
    const input = Buffer.alloc(3 * MEBIBYTE + 5, 'some input, ')
    async function* pieces() {
      for (let start = 0; start < input.length; start += 100_000) yield input.subarray(start, start + 100_000)
    }
    const digest = createHash('sha256').update(input).digest('hex')
    const command = 'sha256sum | cut -c -64; ls "$TMPDIR" | wc -l'
    const environment = { TMPDIR: (await sandbox.commands.run('mktemp -d')).stdoutText.trim() }
    for (const stdin of [input, pieces()]) {
      const { stdoutText } = await sandbox.commands.run(command, { stdin, environment })
      expect(stdoutText).toBe(`${digest}\n0\n`)
    }
  })

  test('end with what the source of their input throws', async () => {
    async function* failing() {
      yield 'some'
      throw new RangeError('no more')
    }
    await expect(sandbox.commands.run(['cat'], { stdin: failing() })).rejects.toThrow(RangeError)
  })

  if (line === '0.1')
    test('do not wait for a source of input that never ends', async () => {
      let ended = false
      const source: AsyncIterable<string> = {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => undefined),
          return: async () => {
            ended = true
            return { done: true, value: undefined }
          },
        }),
      }
      expect((await sandbox.commands.run(['echo', 'hi'], { stdin: source })).stdoutText).toBe('hi\n')
      expect(ended).toBe(true)
    })

  test('run on a terminal that takes input, sizes, and the end of the input', async () => {
    await using shell = await sandbox.commands.interactive(['sh'], { cols: 91, rows: 17 })
    const events = shell[Symbol.asyncIterator]()
    await shell.write('stty size; echo first\\ one\n')
    expect(await readUntil(events, 'first one')).toContain('17 91')
    for (let cols = 100; cols <= 132; cols++) shell.resize(cols, 43)
    await shell.write('stty size; echo second\\ one\n')
    expect(await readUntil(events, 'second one')).toContain('43 132')
    await shell.closeInput()
    let last: unknown
    for (let next = await events.next(); !next.done; next = await events.next()) last = next.value
    const exit = { type: 'exited', exitCode: 0 }
    expect(last).toEqual({ type: 'exit', exitCode: 0, exit, outputComplete: true })
    expect(await failureOf(shell.write('late'))).toMatchObject({ kind: 'failed-precondition' })
  })

  test('take all of a long input through pipes while they answer', async () => {
    const input = Buffer.alloc(2 * MEBIBYTE, 'to and fro, ')
    await using handle = await sandbox.commands.interactive(['head', '-c', String(input.length)], { tty: false })
    const [{ text, exitCode }] = await Promise.all([textOf(handle), handle.write(input)])
    expect([text === input.toString(), exitCode]).toEqual([true, 0])
  })

  test('are given up on with exit timed-out when their time is over', async () => {
    await using handle = await sandbox.commands.interactive(['sleep', '60'], { timeoutMs: 1000 })
    const events = []
    for await (const event of handle) events.push(event)
    expect(events).toMatchObject([{ type: 'exit', exit: { type: 'timed-out', exitCode: 124 } }])
  })

  test('hold back a program whose output nobody reads', async () => {
    const count = (await sandbox.commands.run('mktemp')).stdoutText.trim()
    const program = `i=0; while [ $i -lt 64 ]; do head -c 1048576 /dev/zero; i=$((i+1)); echo $i > ${count}; done`
    await using handle = await sandbox.commands.interactive(program, { tty: false })
    const events = handle[Symbol.asyncIterator]()
    await events.next()
    // It is held back when two looks in a row see the same number.
    const look = async () => Number((await sandbox.commands.run(['cat', count])).stdoutText)
    let seen = -1
    for (let now = await look(); now !== seen; now = await look()) seen = now
    expect(seen).toBeLessThan(32)
  })

  test('keep every byte as it is, in both directions', async () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const { stdout, stderr } = await sandbox.commands.run('cat > every; cat every; cat every >&2', { stdin: all })
    expect([stdout, stderr]).toEqual([all, all])
  })

  test('are kept to maxOutputBytes of each stream, and say which one is cut', async () => {
    const { stdoutText, stderrText, truncatedStreams } = await sandbox.commands.run('echo long; printf ok >&2', {
      maxOutputBytes: 3,
    })
    expect([stdoutText, stderrText, truncatedStreams]).toEqual(['lon', 'ok', ['stdout']])
  })

  test('take input, a time limit and a terminal in every form', async () => {
    const { commands } = sandbox
    const exitOf = async (handle: Promise<CommandHandle>) => (await handle).wait()
    const onTerminal = ['test', '-t', '0']
    const limited = ['sleep', '60']
    const [piped, run, runLimit, started, startTerminal, startLimit, typed, plain] = await Promise.all([
      commands.run(['cat'], { stdin: 'in' }),
      commands.run(onTerminal, { tty: true }),
      commands.run(limited, { timeoutMs: 100 }),
      commands.start(['grep', '-q', 'in'], { stdin: 'in' }).then((handle) => handle.wait()),
      exitOf(commands.start(onTerminal, { tty: true })),
      exitOf(commands.start(limited, { timeoutMs: 100 })),
      exitOf(commands.interactive(onTerminal)),
      exitOf(commands.interactive(onTerminal, { tty: false })),
    ])
    expect([piped.stdoutText, run.exitCode, runLimit.exit.type]).toEqual(['in', 0, 'timed-out'])
    expect([started, startTerminal, startLimit.type]).toEqual([
      { type: 'exited', exitCode: 0 },
      { type: 'exited', exitCode: 0 },
      'timed-out',
    ])
    expect([typed, plain]).toMatchObject([{ exitCode: 0 }, { exitCode: 1 }])
  })

  test('say which options the line has', async () => {
    const login = 'shopt -q login_shell && echo login || echo none'
    const environment = { BASH_ENV: '' }
    expect((await sandbox.commands.run(login, { environment })).exitCode).toBe(0)
    const run = sandbox.commands.run(['true'], { loginShell: false })
    const piped = await sandbox.commands.interactive(['cat'], { tty: false })
    if (line === '0.1') {
      expect((await run).exitCode).toBe(0)
      await piped.write('until the end')
      await piped.closeInput()
      expect(await textOf(piped)).toEqual({ text: 'until the end', exitCode: 0 })
    } else {
      expect(await failureOf(run)).toMatchObject({ kind: 'unsupported', dispatched: false })
      expect(await failureOf(piped.closeInput())).toMatchObject({
        kind: 'unsupported',
        hint: expect.stringContaining('stdin'),
      })
      await piped[Symbol.asyncDispose]()
    }
  })

  test('end with an unknown result and what they wrote when the stream ends without an exit', async () => {
    using _fault = stack.gateway.faults.add({ rpc: 'ExecSandbox', effect: 'end-early', messages: 1, times: 1 })
    const error = await failureOf(sandbox.commands.run('echo before'))
    expect(error).toBeInstanceOf(ExecResultUnknownError)
    expect(error).toMatchObject({ exit: { type: 'unknown' }, stdout: new TextEncoder().encode('before\n') })
  })
})
