import { once } from 'node:events'
import { create } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { ExecSandboxInputSchema, type Sandbox } from '@openshell-ts/protocol/v0-0'
import { describe, expect, test } from 'vitest'
import { execResult, failure, Setup } from './test-client.js'
import type { CommandHandler, TestSupervisor } from './test-supervisor.js'

interface Ready extends AsyncDisposable {
  readonly setup: Setup
  readonly sandbox: Sandbox
  readonly sandboxId: string
  readonly supervisor: TestSupervisor
  readonly exec: (request: object) => ReturnType<typeof execResult>
}

/** A sandbox whose supervisor answers commands in one way. */
async function ready(onCommand: CommandHandler, options: Parameters<typeof Setup.start>[0] = {}): Promise<Ready> {
  const setup = await Setup.start(options)
  const sandbox = await setup.create()
  const sandboxId = sandbox.metadata?.id ?? ''
  const supervisor = await setup.supervise(sandbox)
  supervisor.onCommand = onCommand
  return {
    setup,
    sandbox,
    sandboxId,
    supervisor,
    exec: (request) => execResult(setup.client.serverStream('execSandbox', { sandboxId, ...request })),
    async [Symbol.asyncDispose]() {
      await supervisor[Symbol.asyncDispose]()
      await setup[Symbol.asyncDispose]()
    },
  }
}

const succeed: CommandHandler = (_line, channel) => {
  channel.exit(0)
  channel.end()
}

function signal() {
  let happened = false
  let fire: () => void = () => undefined
  const fired = new Promise<void>((resolve) => {
    fire = () => {
      happened = true
      resolve()
    }
  })
  return { fired, fire: () => fire(), happened: () => happened }
}

test('input is delivered and then ends', async () => {
  await using box = await ready((_line, channel) => {
    channel.pipe(channel, { end: false })
    channel.once('end', () => {
      channel.exit(0)
      channel.end()
    })
  })
  const stdin = 'x'.repeat(200_000)
  expect(await box.exec({ command: ['cat'], stdin: Buffer.from(stdin) })).toEqual({
    stdout: stdin,
    stderr: '',
    exitCode: 0,
  })
})

test('megabytes of output arrive complete and in order', async () => {
  const size = 8 * 1024 * 1024
  const output = Buffer.alloc(size, '0123456789abcdef')
  await using box = await ready((_line, channel) => {
    channel.write(output, () => {
      channel.exit(0)
      channel.end()
    })
  })
  const { stdout } = await box.exec({ command: ['cat', 'big'] })
  expect(Buffer.from(stdout).equals(output)).toBe(true)
})

test('a terminal has no size, whatever the request says', async () => {
  let seen: object | undefined
  await using box = await ready((line, channel, terminal) => {
    seen = terminal
    succeed(line, channel, terminal)
  })
  await box.exec({ command: ['top'], tty: true, cols: 100, rows: 50 })
  expect(seen).toMatchObject({ term: 'xterm-256color', cols: 0, rows: 0 })
})

test('a command that takes too long ends with 124, and what it said before is kept', async () => {
  await using box = await ready((_line, channel) => channel.write('so far\n'))
  expect(await box.exec({ command: ['sleep'], timeoutSeconds: 1 })).toEqual({
    stdout: 'so far\n',
    stderr: '',
    exitCode: 124,
  })
})

test('the longest running output is kept when the exit status is never followed by a close', async () => {
  await using box = await ready((_line, channel) => {
    channel.write('out\n')
    channel.exit(3)
  })
  expect(await box.exec({ command: ['x'] })).toMatchObject({ stdout: 'out\n', exitCode: 3 })
})

test.each([
  ['only a signal', (channel: Parameters<CommandHandler>[1]) => channel.exit('KILL', false, 'killed')],
  ['nothing', () => undefined],
])('a channel that ends with %s has no known result', async (_name, end) => {
  await using box = await ready((_line, channel) => {
    end(channel)
    channel.end()
  })
  expect(await failure(box.exec({ command: ['x'] }))).toMatchObject({
    code: status.UNAVAILABLE,
    details: 'exec relay closed before the command reported an exit status',
  })
})

test("a cut connection of the supervisor's ends its commands at once, without a known result", async () => {
  await using box = await ready((_line, channel) => channel.write('started'))
  const { setup, sandboxId, supervisor } = box
  const stream = setup.client.serverStream('execSandbox', { sandboxId, command: ['x'] })
  await once(stream, 'data')
  // The connection that carries this call carries the command as well.
  setup.gateway.faults.add('ReportPolicyStatus:drop-before-commit')
  const cut = supervisor.client.unary('reportPolicyStatus', { sandboxId }, { metadata: supervisor.metadata })
  expect(await failure(execResult(stream))).toMatchObject({
    code: status.UNAVAILABLE,
    details: 'exec relay closed before the command reported an exit status',
  })
  expect(await failure(cut)).toMatchObject({ code: status.UNAVAILABLE })
})

describe('before the command starts', () => {
  test('a sandbox that is not ready', async () => {
    await using setup = await Setup.start()
    const sandboxId = (await setup.create()).metadata?.id ?? ''
    const stream = setup.client.serverStream('execSandbox', { sandboxId, command: ['x'] })
    expect(await failure(execResult(stream))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: 'sandbox is not ready',
    })
  })

  test('a name where an id belongs', async () => {
    await using box = await ready(succeed)
    expect(await failure(box.exec({ sandboxId: 'box', command: ['x'] }))).toMatchObject({
      code: status.NOT_FOUND,
      details: 'sandbox not found',
    })
  })

  test('a relay that the supervisor refuses', async () => {
    await using box = await ready(succeed)
    const { supervisor } = box
    supervisor.onRelayOpen = (channelId) =>
      supervisor.send({ case: 'relayOpenResult', value: { channelId, success: false, error: 'no shell here' } })
    expect(await failure(box.exec({ command: ['x'] }))).toMatchObject({
      code: status.UNAVAILABLE,
      details: 'no shell here',
    })
  })

  test('a relay that nobody picks up', async () => {
    await using box = await ready(succeed, { timings: { relayClaimMs: 30 } })
    box.supervisor.onRelayOpen = () => undefined
    expect(await failure(box.exec({ command: ['x'] }))).toMatchObject({
      code: status.DEADLINE_EXCEEDED,
      details: 'relay open timed out',
    })
  })

  test('more relays than one sandbox may have open', async () => {
    await using box = await ready(succeed, { timings: { relayClaimMs: 60_000 } })
    box.supervisor.onRelayOpen = () => undefined
    const waiting = Array.from({ length: 32 }, () => box.exec({ command: ['x'] }))
    for (const call of waiting) call.catch(() => undefined)
    expect(await failure(box.exec({ command: ['x'] }))).toMatchObject({
      code: status.UNAVAILABLE,
      details:
        "supervisor relay failed: code: 'Some resource has been exhausted', message: " +
        `"per-sandbox relay limit reached (32 in flight for ${box.sandboxId})"`,
    })
  })

  test.each([
    [{ command: [] }, 'command is required'],
    [{ command: ['x'], sandboxId: '' }, 'sandbox_id is required'],
    [{ command: ['x'], environment: { '1A': '' } }, 'environment keys must match ^[A-Za-z_][A-Za-z0-9_]*$'],
    [
      { command: ['x'], environment: { OPENSHELL_X: '' } },
      "environment keys starting with OPENSHELL_ are reserved; got 'OPENSHELL_X'",
    ],
    [{ command: Array(1025).fill('x') }, 'command array exceeds 1024 argument limit'],
    [
      { command: Array(9).fill('x'.repeat(32_768)) },
      'command construction failed: assembled command string exceeds 262144 byte limit',
    ],
  ])('a request that breaks a rule: %#', async (request, details) => {
    await using box = await ready(succeed)
    expect(await failure(box.exec(request))).toMatchObject({ code: status.INVALID_ARGUMENT, details })
  })

  test('the one reserved variable that clients need passes, and so does an empty word', async () => {
    let line = ''
    await using box = await ready((command, channel, terminal) => {
      line = command
      succeed(command, channel, terminal)
    })
    await box.exec({ command: [''], environment: { OPENSHELL_PYFUNC_B64: 'eA==' } })
    expect(line).toBe("OPENSHELL_PYFUNC_B64='eA==' ''")
  })
})

test('a cancelled exec ends for its caller only: the command goes on', async () => {
  const running = signal()
  const closed = signal()
  const release = signal()
  await using box = await ready((_line, channel) => {
    channel.resume().once('close', closed.fire)
    void release.fired.then(() => {
      channel.exit(0)
      channel.end()
    })
    running.fire()
  })
  const stream = box.setup.client.serverStream('execSandbox', { sandboxId: box.sandboxId, command: ['x'] }).resume()
  const gone = new Promise((resolve) => stream.on('error', resolve))
  await running.fired
  stream.cancel()
  expect(await gone).toMatchObject({ code: status.CANCELLED })
  box.supervisor.onCommand = succeed
  expect(await box.exec({ command: ['y'] })).toMatchObject({ exitCode: 0 })
  expect(closed.happened()).toBe(false)
  release.fire()
  await closed.fired
})

describe('interactively', () => {
  const start = (sandboxId: string, extra: object = {}) =>
    create(ExecSandboxInputSchema, {
      payload: { case: 'start', value: { sandboxId, command: ['sh'], ...extra } },
    })

  test('input and resizes reach the command while it runs', async () => {
    let size: object | undefined
    await using box = await ready((_line, channel, terminal) => {
      size = terminal
      channel.once('data', (bytes: Buffer) => {
        channel.write(`got ${bytes}`)
        channel.exit(5)
        channel.end()
      })
    })
    const stream = box.setup.client.bidiStream('execSandboxInteractive')
    stream.write(start(box.sandboxId, { tty: true, stdin: Buffer.from('ignored') }))
    stream.write(create(ExecSandboxInputSchema, { payload: { case: 'stdin', value: Buffer.from('hi') } }))
    expect(await execResult(stream)).toEqual({ stdout: 'got hi', stderr: '', exitCode: 5 })
    expect(size).toMatchObject({ cols: 80, rows: 24 })
  })

  test('a first message that is no start is refused', async () => {
    await using box = await ready(succeed)
    const stream = box.setup.client.bidiStream('execSandboxInteractive')
    stream.write(create(ExecSandboxInputSchema, { payload: { case: 'stdin', value: Buffer.from('hi') } }))
    expect(await failure(execResult(stream))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'first message must be a start payload',
    })
  })

  test('ending the request side closes the channel, and the result is lost', async () => {
    await using box = await ready((_line, channel) => channel.write('before'))
    const stream = box.setup.client.bidiStream('execSandboxInteractive')
    stream.write(start(box.sandboxId))
    const heard = new Promise((resolve) => stream.once('data', resolve))
    const error = new Promise((resolve) => stream.on('error', resolve))
    await heard
    stream.end()
    expect(await error).toMatchObject({
      code: status.UNAVAILABLE,
      details: 'exec relay closed before the command reported an exit status',
    })
  })
})
