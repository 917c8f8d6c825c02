import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from '@bufbuild/protobuf'
import { credentials, type ServiceError, status } from '@grpc/grpc-js'
import { createSimulatedDriver, type DevGateway, startDevGateway } from '@openshell-ts/dev-gateway'
import { supervise } from '@openshell-ts/dev-supervisor'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { type ExecSandboxEvent, type ExecSandboxInputSchema, OpenShell } from '@openshell-ts/protocol/v0-0'
import { OpenShell as LaterOpenShell } from '@openshell-ts/protocol/v0-1'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** A command, in the words of both lines. */
interface Command {
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly workdir?: string
  readonly stdin?: Uint8Array
  readonly tty?: boolean
  readonly cols?: number
  readonly rows?: number
  readonly timeoutSeconds?: number
  readonly noLoginShell?: boolean
}

interface Outcome {
  readonly stdout: string
  readonly stderr: string
  /** Absent when the stream ended without one. */
  readonly exitCode?: number
}

const sh = (line: string) => ['sh', '-c', line]
const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index)
const odd = ['a b', "it's", '$HOME', '`id`', '"q"', '\\n', '*', 'é\n2', '', '-n', ';&|', '~']

/** What a command does, line 0.1 included. What is left out of an outcome is empty. */
const outcomes: readonly (readonly [string, Command, Partial<Outcome>])[] = [
  [
    'words are passed as they are',
    { command: ['printf', '%s|', ...odd] },
    { stdout: `${odd.join('|')}|`, exitCode: 0 },
  ],
  [
    'variables are set as they are, for the command alone',
    { command: sh('printf "%s|%s" "$A" "$B"'), environment: { B: "x y'z\t", A: '$HOME' } },
    { stdout: "$HOME|x y'z\t", exitCode: 0 },
  ],
  [
    'the one reserved variable passes',
    { command: sh('printf %s "$OPENSHELL_PYFUNC_B64"'), environment: { OPENSHELL_PYFUNC_B64: 'eA==' } },
    { stdout: 'eA==', exitCode: 0 },
  ],
  [
    'a folder with a space is the start',
    { command: sh('basename "$PWD"'), workdir: 'a folder' },
    { stdout: 'a folder\n', exitCode: 0 },
  ],
  [
    'a folder that is not there is the shell’s failure',
    { command: ['true'], workdir: '/no/such' },
    { exitCode: 1, stderr: expect.stringContaining('/no/such') as never },
  ],
  [
    'an empty word is a command that is not found',
    { command: [''] },
    { exitCode: 127, stderr: expect.stringContaining('not found') as never },
  ],
  [
    'a program that is not there',
    { command: ['no-such-program'] },
    { exitCode: 127, stderr: expect.stringContaining('not found') as never },
  ],
  ['a folder is no program', { command: ['/'] }, { exitCode: 126, stderr: expect.stringContaining('/') as never }],
  ...[0, 1, 124, 255].map((code) => [`exit ${code}`, { command: sh(`exit ${code}`) }, { exitCode: code }] as const),
  ...['KILL', 'TERM', 'SEGV'].map(
    (name) => [`the end by SIG${name} is 1`, { command: sh(`kill -${name} $$`) }, { exitCode: 1 }] as const,
  ),
  [
    'a shell in between sees the signal',
    { command: sh('sh -c "kill -KILL \\$\\$"; echo $?') },
    { stdout: '137\n', stderr: expect.any(String) as never, exitCode: 0 },
  ],
  [
    'a command that takes too long is 124, and what it said before is kept',
    { command: sh('echo before; exec sleep 60'), timeoutSeconds: 1 },
    { stdout: 'before\n', exitCode: 124 },
  ],
  ['both outputs apart', { command: sh('echo out; echo err >&2') }, { stdout: 'out\n', stderr: 'err\n', exitCode: 0 }],
  ['no input ends at once', { command: ['cat'] }, { exitCode: 0 }],
  [
    'input of every byte arrives, and ends',
    { command: ['base64', '-w0'], stdin: everyByte },
    { stdout: Buffer.from(everyByte).toString('base64'), exitCode: 0 },
  ],
  [
    'without a terminal',
    { command: sh('test -t 0 || echo none; echo $TERM') },
    { stdout: 'none\ndumb\n', exitCode: 0 },
  ],
  [
    'a terminal has the smallest size, whatever is asked for, and one output',
    { command: sh('test -t 0 && test -t 2 && stty size && echo $TERM >&2'), tty: true, cols: 100, rows: 50 },
    { stdout: '1 1\r\nxterm-256color\r\n', exitCode: 0 },
  ],
  ['the shell is one that reads profiles', { command: ['shopt', '-q', 'login_shell'] }, { exitCode: 0 }],
  [
    'the sandbox’s own variables are there',
    { command: sh('echo $OPENSHELL_SANDBOX $USER $MINE') },
    { stdout: '1 sandbox yes\n', exitCode: 0 },
  ],
]

/** What is refused before anything runs, line 0.1 included. */
const refusals: readonly (readonly [Command, string])[] = [
  [{ command: [] }, 'command is required'],
  [{ command: Array(1_025).fill('x') }, 'command array exceeds 1024 argument limit'],
  [{ command: ['x', 'y'.repeat(32_769)] }, 'command argument 1 exceeds 32768 byte limit'],
  [{ command: ['x', 'a\0'] }, 'command argument 1 contains null bytes'],
  [
    { command: Array(9).fill('x'.repeat(32_768)) },
    'command construction failed: assembled command string exceeds 262144 byte limit',
  ],
  [{ command: ['x'], environment: { '1A': '' } }, 'environment keys must match ^[A-Za-z_][A-Za-z0-9_]*$'],
  [
    { command: ['x'], environment: { OPENSHELL_X: '' } },
    "environment keys starting with OPENSHELL_ are reserved; got 'OPENSHELL_X'",
  ],
  [{ command: ['x'], environment: { A: 'y'.repeat(32_769) } }, "environment value for 'A' exceeds 32768 byte limit"],
  [{ command: ['x'], environment: { A: '\0' } }, "environment value for 'A' contains null bytes"],
  [
    { command: ['x'], environment: { A: '\r' } },
    "environment value for 'A' contains newline or carriage return characters",
  ],
  [{ command: ['x'], workdir: 'y'.repeat(4_097) }, 'workdir exceeds 4096 byte limit'],
  [{ command: ['x'], workdir: '\0' }, 'workdir contains null bytes'],
  [{ command: ['x'], workdir: 'a\nb' }, 'workdir contains newline or carriage return characters'],
]

describe.each([
  ['0.0', OpenShell],
  ['0.1', LaterOpenShell],
] as const)('on line %s', (line, service) => {
  const scope = { selection: { case: 'workspace', value: 'default' } } as const
  const workspace = line === '0.1' ? { workspaceScope: scope } : {}
  let folder: string
  let gateway: DevGateway
  let client: GrpcServiceClient<typeof OpenShell>
  let target: object

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'exec-'))
    await mkdir(join(folder, 'a folder'))
    const driver = createSimulatedDriver({
      startSandbox: ({ endpoint, sandboxId, token }) =>
        supervise({
          endpoint,
          sandboxId,
          token: { token },
          mainProcess: { command: ['sleep', 'infinity'], tty: false },
          userEnvironment: { MINE: 'yes' },
          workdir: folder,
          stopGraceMs: 0,
        }),
    })
    gateway = await startDevGateway({ line, drivers: [driver] })
    // Both services are called by the same names.
    client = new GrpcServiceClient(
      service as typeof OpenShell,
      `127.0.0.1:${gateway.port}`,
      credentials.createInsecure(),
    )
    const { sandbox } = await client.unary('createSandbox', { name: 'box', spec: {}, ...workspace } as never)
    target = line === '0.0' ? { sandboxId: sandbox?.metadata?.id } : { sandbox: 'box', ...workspace }
    const watched = line === '0.0' ? { id: sandbox?.metadata?.id } : { sandbox: 'box', ...workspace }
    const ready = client.serverStream('watchSandbox', { ...watched, followStatus: true, stopOnTerminal: true } as never)
    for await (const _event of ready) {
      // The stream ends when the sandbox is ready.
    }
  })
  afterAll(async () => {
    client.close()
    await gateway.close()
    await rm(folder, { recursive: true, force: true })
  })

  const requestOf = ({ timeoutSeconds, ...command }: Command) => {
    const timeout =
      line === '0.0' ? { timeoutSeconds } : { executionTimeout: { seconds: BigInt(timeoutSeconds ?? 0), nanos: 0 } }
    return { ...target, ...command, ...(timeoutSeconds !== undefined && timeout) }
  }
  const exec = (command: Command) => outcomeOf(client.serverStream('execSandbox', requestOf(command) as never))
  const interactive = (command: Command, onFirst = () => {}) => {
    const stream = client.bidiStream('execSandboxInteractive')
    type Input = NonNullable<Parameters<typeof create<typeof ExecSandboxInputSchema>>[1]>
    const [{ input }] = [service.method.execSandboxInteractive]
    const send = (payload: unknown) => void stream.write(create(input, { payload } as Input) as never)
    send({ case: 'start', value: requestOf(command) })
    return { stream, send, outcome: outcomeOf(stream, onFirst) }
  }

  test.concurrent.each(outcomes)('%s', async (_name, command, expected) => {
    expect(await exec(command)).toEqual({ stdout: '', stderr: '', ...expected })
  })

  test('what breaks a rule is refused with its text', async () => {
    const answers = await Promise.all(
      refusals.map(([command]) => exec(command).catch(({ code, details }: ServiceError) => [status[code], details])),
    )
    expect(answers).toEqual(refusals.map(([, details]) => ['INVALID_ARGUMENT', details]))
  })

  test('a terminal that is resized shows it, and its exit code comes last', async () => {
    const command = { command: sh('stty size; read x; stty size; exit 7'), tty: true, cols: 90, rows: 30 }
    const { stream, send, outcome } = interactive(command, () => {
      send({ case: 'resize', value: { cols: 120, rows: 40 } })
      send({ case: 'stdin', value: Buffer.from('go\n') })
    })
    expect(await outcome).toEqual({ stdout: '30 90\r\ngo\r\n40 120\r\n', stderr: '', exitCode: 7 })
    stream.end()
  })

  test('the end of an interactive input is the end of the command on line 0.0, and of its input on line 0.1', async () => {
    const { stream, send, outcome } = interactive({ command: ['wc', '-c'] })
    send({ case: 'stdin', value: everyByte })
    stream.end()
    if (line === '0.1') expect(await outcome).toEqual({ stdout: '256\n', stderr: '', exitCode: 0 })
    else await expect(outcome).rejects.toMatchObject({ code: status.UNAVAILABLE })
  })

  test('a shell that reads no profile can be asked for on line 0.1', async () => {
    const { exitCode } = await exec({ command: ['shopt', '-q', 'login_shell'], noLoginShell: line === '0.1' })
    expect(exitCode).toBe(line === '0.1' ? 1 : 0)
  })
})

/** Reads a command's stream to its end; the exit code must be the last event. `onFirst` hears of the first one. */
async function outcomeOf(stream: AsyncIterable<ExecSandboxEvent>, onFirst = () => {}): Promise<Outcome> {
  const outcome = { stdout: '', stderr: '' }
  let exitCode: number | undefined
  for await (const { payload } of stream) {
    expect(exitCode).toBeUndefined()
    if (outcome.stdout === '') onFirst()
    if (payload.case === 'exit') exitCode = payload.value.exitCode
    else if (payload.case) outcome[payload.case] += Buffer.from(payload.value.data).toString()
  }
  return { ...outcome, ...(exitCode !== undefined && { exitCode }) }
}
