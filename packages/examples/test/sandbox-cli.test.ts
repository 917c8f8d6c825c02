import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createSimulatedDriver, type DevGateway, startDevGateway } from '@openshell-ts/dev-gateway'
import { supervise } from '@openshell-ts/dev-supervisor'
import { OpenShellClient } from '@openshell-ts/sdk'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { packageFile } from '../src/package-file.js'
import { runSandboxCli } from '../src/sandbox-cli/run-sandbox-cli.js'
import { SUBCOMMANDS } from '../src/sandbox-cli/subcommands.js'
import { startProgram } from './program.js'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const WAITING = ['--', 'sleep', 'infinity']

/** A command line that runs in this process, with what it has written so far. */
class Run {
  readonly stdin = new PassThrough()
  readonly stdout = new PassThrough()
  readonly stderr: PassThrough & { isTTY?: boolean } = new PassThrough()
  readonly #interrupt = new AbortController()
  readonly code: Promise<number>
  out = ''
  errors = ''

  constructor(argv: readonly string[], environment: Record<string, string>, isTTY: boolean) {
    this.stderr.isTTY = isTTY
    this.stdout.on('data', (chunk) => {
      this.out += chunk
    })
    this.stderr.on('data', (chunk) => {
      this.errors += chunk
    })
    const { stdin, stdout, stderr } = this
    const signal = this.#interrupt.signal
    this.code = runSandboxCli(argv, { stdin, stdout, stderr, environment, signal, interruptCode: () => 130 })
  }

  /** What Ctrl-C does. */
  interrupt(): void {
    this.#interrupt.abort()
  }

  /** The values of `--json`. */
  get values(): unknown[] {
    return this.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  }

  async says(words: string): Promise<void> {
    await vi.waitFor(() => expect(this.out + this.errors).toContain(words), { timeout: 30_000, interval: 5 })
  }
}

describe.each(['0.0', '0.1'] as const)('sandbox-cli on line %s', (line) => {
  let folder: string
  let gateway: DevGateway
  const driver = createSimulatedDriver({
    startSandbox: ({ endpoint, sandboxId, token, name, command: [program = 'true', ...rest] }) => {
      const workdir = join(folder, name)
      mkdirSync(workdir, { recursive: true })
      const mainProcess = { command: [program, ...rest] as const, tty: false }
      return supervise({ endpoint, sandboxId, token: { token }, mainProcess, workdir, stopGraceMs: 0 })
    },
  })
  const start = (argv: readonly string[], { isTTY = false } = {}) =>
    new Run(argv, { OPENSHELL_GATEWAY_ENDPOINT: gateway.endpoint, XDG_CONFIG_HOME: folder }, isTTY)
  const run = async (...argv: string[]) => {
    const started = start(argv)
    return { code: await started.code, out: started.out, errors: started.errors, values: () => started.values }
  }

  beforeAll(async () => {
    folder = mkdtempSync('/tmp/cli-')
    gateway = await startDevGateway({ drivers: [driver], line })
    expect(await run('create', '--name', 'box', '--label', 'team=a', ...WAITING)).toMatchObject({
      code: 0,
      out: 'box is ready\n',
    })
  })
  afterAll(async () => {
    expect(await run('delete', 'box')).toMatchObject({ code: 0, out: 'box is deleted\n' })
    await gateway.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('lists what was created, for people and for programs', async () => {
    expect((await run('list')).out).toMatch(/^NAME +PHASE +CREATED +IMAGE\nbox +ready +\d{4}-/)
    expect((await run('list', '--selector', 'team=a', '--json')).values()).toMatchObject([
      { name: 'box', labels: { team: 'a' } },
    ])
    expect(await run('list', '--selector', 'team=b')).toMatchObject({ code: 0, out: 'NAME  PHASE  CREATED  IMAGE\n' })
  })

  test("passes both streams and the input on, and ends with the command's own code", async () => {
    const failing = await run('run', 'box', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7')
    expect(failing).toMatchObject({ code: 7, out: 'out\n', errors: 'err\n' })
    const reading = start(['run', 'box', '--stdin', '--json', '--', 'cat'])
    reading.stdin.end('input')
    expect(await reading.code).toBe(0)
    expect(reading.values).toMatchObject([{ exitCode: 0, exit: { type: 'exited' }, stdout: 'input', stderr: '' }])
    expect((await run('run', 'nobox', '--', 'true')).code).toBe(125)
    const late = await run('run', 'box', '--timeout-ms', '100', '--', 'sleep', '60')
    expect(late).toMatchObject({ code: 124, out: '', errors: 'The time of --timeout-ms ran out.\n' })
  })

  test('copies a tree in and out, and shows a bar on a terminal and lines elsewhere', async () => {
    mkdirSync(join(folder, 'tree/deep'), { recursive: true })
    writeFileSync(join(folder, 'tree/deep/file'), 'x'.repeat(2_000))
    writeFileSync(join(folder, 'tree/empty'), '')
    const up = await run('upload', 'box', join(folder, 'tree'), 'in/')
    expect(up).toMatchObject({ code: 0, out: expect.stringMatching(/^2 files, 2 kB, in .*in\/tree\n$/) })
    expect(up.errors).toMatch(/100% 2 kB of 2 kB, file 2 of 2 deep\/file\n$/)
    const down = start(['download', 'box', 'in/tree/deep/file', join(folder, 'back')], { isTTY: true })
    expect(await down.code).toBe(0)
    expect(down.errors).toContain('[========================================] 100% 2 kB of 2 kB')
    expect(readFileSync(join(folder, 'back'), 'utf8')).toBe('x'.repeat(2_000))
    mkdirSync(join(folder, 'there'))
    expect((await run('download', 'box', 'in/tree/deep/file', join(folder, 'there'))).out).toContain('there/file\n')
    const outside = await run('download', 'box', '/etc/passwd', join(folder, 'no'), '--json')
    expect(outside).toMatchObject({ code: 1, out: '' })
    expect(JSON.parse(outside.errors)).toMatchObject({
      error: {
        kind: expect.any(String),
        message: expect.stringContaining('/etc/passwd'),
        hint: 'Add --allow-outside if you mean it.',
      },
    })
  })

  test('forwards a port until Ctrl-C, which is its ordinary end', async () => {
    const server = createServer((_, reply) => reply.end('hello')).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const forward = start(['forward', 'box', String((server.address() as AddressInfo).port), '--json'])
    await forward.says('localPort')
    const [{ localPort } = { localPort: 0 }] = forward.values as { localPort: number }[]
    const socket = connect(localPort, '127.0.0.1')
    socket.write('GET / HTTP/1.0\r\n\r\n')
    expect(await text(socket)).toContain('hello')
    forward.interrupt()
    expect(await forward.code).toBe(0)
    server.close()
  })

  test('follows what happens and what is logged over a lost connection, which it tells, also as JSON', async () => {
    const ended = gateway.faults.add('WatchSandbox:status=UNAVAILABLE')
    const watch = start(['watch', 'box', '--json'])
    const people = start(['watch', 'box'])
    const follow = start(['logs', 'box', '--follow', '--json'])
    for (const run of [watch, follow]) await run.says('"type":"disconnected"')
    await people.says('is lost')
    expect(people.out + watch.errors + follow.out).toBe('')
    ended[Symbol.dispose]()
    for (const run of [watch, follow]) await run.says('"type":"reconnected"')
    await people.says('is back')
    await watch.says('"status"')
    await people.says('state    ready')
    const [{ id } = { id: '' }] = (watch.values as { id: string; type: string }[]).filter(
      ({ type }) => type === 'status',
    )
    driver.emitEvent(id, { reason: 'Told', message: 'by the platform' })
    await watch.says('by the platform')
    await people.says('event    Told: by the platform')
    for (const run of [watch, people, follow]) run.interrupt()
    expect([await watch.code, await people.code, await follow.code]).toEqual([0, 0, 0])
    expect(watch.out).not.toContain('environment')
    const logs = await run('logs', 'box', '--lines', '1', '--json')
    expect([logs.code, logs.values()]).toEqual([0, [expect.objectContaining({ message: expect.any(String) })]])
  })

  test('sends a token unencrypted to what is not this machine only where a flag allows it', async () => {
    const place = join(folder, 'openshell/gateways/away')
    mkdirSync(place, { recursive: true })
    const metadata = { gateway_endpoint: `http://0.0.0.0:${new URL(gateway.endpoint).port}`, auth_mode: 'oidc' }
    const token = { access_token: 'unspeakable', issuer: 'https://issuer.invalid', client_id: 'cli' }
    for (const [name, content] of Object.entries({ metadata, oidc_token: token }))
      writeFileSync(join(place, `${name}.json`), JSON.stringify(content), { mode: 0o600 })
    const refused = await run('list', '--gateway', 'away')
    expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining('or add --allow-insecure-auth when') })
    const sent = await run('list', '--gateway', 'away', '--allow-insecure-auth')
    expect(sent.errors).toContain('a token that has expired or was refused')
  })

  test('Ctrl-C during a command says what remains', async () => {
    const sleeping = start([
      'run',
      'box',
      '--',
      'sh',
      '-c',
      'echo begun; until [ -e go ]; do sleep 0.05; done; touch done',
    ])
    await sleeping.says('begun')
    sleeping.interrupt()
    expect(await sleeping.code).toBe(130)
    expect(sleeping.errors).toBe('Interrupted. The command goes on in the sandbox.\n')
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint })
    const sandbox = await client.sandboxes.get('box')
    await sandbox.files.write('go', '')
    await vi.waitFor(async () => expect(await sandbox.files.exists('done')).toBe(true), { timeout: 10_000 })
  })

  test('Ctrl-C ends the command too where --kill says so', async () => {
    const running = start([
      'run',
      'box',
      '--kill',
      '--',
      'sh',
      '-c',
      'trap "echo told; exit 3" TERM; echo begun; sleep 60 & wait',
    ])
    await running.says('begun')
    running.interrupt()
    expect(await running.code).toBe(130)
    expect(running).toMatchObject({ out: 'begun\ntold\n', errors: 'Interrupted. The command was ended.\n' })
  })

  test('Ctrl-C during a create leaves a sandbox whose name it tells', async () => {
    const fault = gateway.faults.add('CreateSandbox:delay=100:1')
    const creating = start(['create', '--name', 'half', ...WAITING])
    await vi.waitFor(() => expect(fault.hits).toBe(1), { timeout: 10_000 })
    creating.interrupt()
    expect(await creating.code).toBe(130)
    expect(creating.errors).toContain('sandbox-cli delete half')
    expect(await run('delete', 'half', '--json')).toMatchObject({ code: 0 })
  })

  if (line === '0.0')
    test('a second Ctrl-C ends the program at once', async () => {
      using fault = gateway.faults.add('CreateSandbox:delay=60000:1')
      const file = packageFile('@openshell-ts/examples', 'bin/sandbox-cli.js')
      await using creating = startProgram(file, ['create', '--name', 'never', '--endpoint', gateway.endpoint])
      await vi.waitFor(() => expect(fault.hits).toBe(1), { timeout: 20_000 })
      creating.kill('SIGINT')
      await vi.waitFor(() => expect(creating.stderr()).toContain('once more'), { timeout: 20_000 })
      creating.kill('SIGINT')
      expect(await creating.ended).toBe(130)
    })

  test('a terminal in a sandbox takes keys and sizes, and gives its code', async () => {
    await using client = await OpenShellClient.connect({ endpoint: gateway.endpoint })
    const sandbox = await client.sandboxes.get('box')
    const program = packageFile('@openshell-ts/examples', 'bin/sandbox-cli.js')
    // The outer sandbox gives the program a real terminal.
    await using outer = await sandbox.commands.interactive(
      [process.execPath, program, 'shell', 'box', '--endpoint', gateway.endpoint, '--', 'sh'],
      { cols: 90, rows: 30 },
    )
    let seen = ''
    let code = -1
    const reading = (async () => {
      for await (const event of outer) {
        if (event.type === 'exit') code = event.exitCode
        else seen += Buffer.from(event.data)
      }
    })()
    const types = async (keys: string, answer: RegExp) => {
      await outer.write(keys)
      await vi.waitFor(() => expect(seen).toMatch(answer), { timeout: 20_000, interval: 20 })
    }
    await types('stty size; echo rea""dy\r', /30 90\s+ready/)
    outer.resize(100, 40)
    await types('until [ "$(stty size)" = "40 100" ]; do :; done; echo resi""zed\r', /resized/)
    await types('\x03', /\^C\s+[#$] $/)
    await outer.write('exit 9\r')
    await reading
    expect(code).toBe(9)
  })
})

describe('the command line', () => {
  test.each([
    [[], 'Write one of these commands first: create, list'],
    [['destroy'], 'Write one of these commands first'],
    [['list', '--labels', 'a=b'], "Unknown option '--labels'"],
    [['run', 'box', 'ls'], 'A command comes behind --'],
    [['run', 'box', '--kill', '--json', '--', 'ls'], '--kill and --json do not go together.'],
    [['run', 'box'], 'Write the command behind --'],
    [['upload', 'box', 'file'], 'Write REMOTE.'],
    [['create', '--env', 'SECRET'], '--env must be NAME=VALUE.'],
    [['create', '--template', '/none.yaml'], '--template: /none.yaml cannot be read (ENOENT).'],
    [['forward', 'box', 'http'], 'PORT must be a port'],
    [['forward', 'box', '70000'], 'PORT must be from 1 to 65535'],
    [['logs', 'box', '--lines', '-1'], "Option '--lines' argument is ambiguous. See"],
    [['logs', 'box', '--level', 'loud'], '--level must be one of TRACE,'],
    [['list', 'box'], 'This takes flags only, no words.'],
    [['list', '--wire-line', '2'], '--wire-line must be 0.0 or 0.1.'],
    [['list', '--endpoint', 'nonsense'], '--endpoint: "nonsense" is not a URL. Write the endpoint as "http://'],
    [['list', '--endpoint', 'ftp://gateway'], '--endpoint: the scheme "ftp" is not served.'],
    [['list', '--endpoint', 'http://127.0.0.1:1', '--gateway', 'a/b'], '--gateway is no name of a gateway'],
  ])('%j is refused with code 2', async (argv, problem) => {
    const run = new Run(argv, {}, false)
    expect(await run.code).toBe(2)
    expect(run.errors).toContain(problem)
    expect(run.errors).toMatch(/See sandbox-cli( \w+)? --help\n$/)
  })

  test('an address in place of the name of a gateway is refused with the flag for it', async () => {
    const run = new Run(['list', '--gateway', 'http://127.0.0.1:1'], {}, false)
    expect(await run.code).toBe(1)
    expect(run.errors).toContain('For an address, use --endpoint in place of a name.')
  })

  test('--help tells every subcommand, with every flag, examples and exit codes', async () => {
    const all = new Run(['--help'], {}, false)
    await all.code
    for (const [name, { flags, examples }] of Object.entries(SUBCOMMANDS)) {
      expect(all.out).toContain(`  ${name}`)
      const help = new Run([name, '--help'], {}, false)
      expect(await help.code).toBe(0)
      for (const flag of [...Object.keys(flags), 'gateway', 'endpoint', 'json']) expect(help.out).toContain(`--${flag}`)
      for (const example of examples) expect(help.out).toContain(`  sandbox-cli ${example}\n`)
      expect(help.out).toContain('Exit codes')
    }
  })

  test('a gateway that is not there is said with what to change', async () => {
    const run = new Run(['list', '--endpoint', 'http://127.0.0.1:1'], {}, false)
    expect(await run.code).toBe(1)
    expect(run.errors).toContain('http://127.0.0.1:1')
  })
})
