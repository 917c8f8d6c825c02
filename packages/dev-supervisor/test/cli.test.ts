import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Client } from 'ssh2'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findMarkedProcesses } from '../src/marked-processes.js'
import { GatewayEnd } from './gateway-end.js'
import { TOKEN } from './sandbox.js'
import { SshEnd } from './ssh-end.js'

const BIN = fileURLToPath(new URL('../bin/openshell-dev-supervisor.js', import.meta.url))

// Processes are found by it on the whole machine.
const SANDBOX_ID = `sandbox-cli-${process.pid}`

let folder: string
let gateway: GatewayEnd
const started: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sup-'))
  gateway = new GatewayEnd()
  await gateway.listen()
  await writeFile(join(folder, 'token'), `${TOKEN}\n`, { mode: 0o600 })
})

afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  await gateway.close()
  await rm(folder, { recursive: true, force: true })
})

function run(environment: Record<string, string | undefined> = {}, argv: readonly string[] = []) {
  const child = spawn(process.execPath, [BIN, '--workdir', folder, ...argv], {
    env: {
      PATH: process.env['PATH'],
      OPENSHELL_ENDPOINT: gateway.endpoint,
      OPENSHELL_SANDBOX_ID: SANDBOX_ID,
      OPENSHELL_SANDBOX: 'my-sandbox',
      OPENSHELL_SANDBOX_TOKEN_FILE: join(folder, 'token'),
      OPENSHELL_MAIN_PROCESS_SPEC: JSON.stringify({ version: 1, command: ['sleep', '1000'], tty: false }),
      OPENSHELL_LOG_LEVEL: 'trace',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  const result = ended.then(([stdout, stderr, [code]]) => ({ stdout, stderr, code: code as number | null }))
  return { child, result }
}

test('exits with the code of the main process, whose output is its own', async () => {
  const script = { version: 1, command: ['/bin/sh', '-c', 'echo out; echo err >&2; exit 42'], tty: false }
  const encoded = `base64url:${Buffer.from(JSON.stringify(script)).toString('base64url')}`
  const { stdout, stderr, code } = await run({ OPENSHELL_MAIN_PROCESS_SPEC: encoded }).result
  expect({ stdout, code }).toEqual({ stdout: 'out\n', code: 42 })
  expect(stderr).toContain('err\n')
  expect(gateway.exitReports).toMatchObject([{ sandboxId: SANDBOX_ID, exitCode: 42 }])
})

test('words after -- are the main process', async () => {
  const { stdout, code } = await run({}, ['--', '/bin/echo', '--workdir', 'is just a word']).result
  expect({ stdout, code }).toEqual({ stdout: '--workdir is just a word\n', code: 0 })
})

test('SIGTERM stops the main process, reports it and leaves nothing', async () => {
  const { child, result } = run()
  const ssh = await gateway.openSsh()
  await ssh.run('setsid sleep 1000 > /dev/null 2>&1 < /dev/null &')
  expect(await findMarkedProcesses(`${SANDBOX_ID}/`)).toHaveLength(2)
  child.kill('SIGTERM')
  const { code, stderr } = await result
  expect(code).toBe(128 + 15)
  expect(gateway.exitReports).toMatchObject([{ exitCode: 143 }])
  expect(await findMarkedProcesses(`${SANDBOX_ID}/`)).toEqual([])
  expect(stderr).toContain('"sandbox":"my-sandbox"')
  expect(stderr).not.toContain(TOKEN)
})

test('the sandbox lives on when nobody reads its output and its log any more', async () => {
  const script =
    'until [ -e go ]; do sleep 0.05; done; trap "" PIPE; seq 100000; seq 100000 >&2; touch done; sleep 1000'
  const spec = { version: 1, command: ['/bin/sh', '-c', script], tty: false }
  const { child, result } = run({ OPENSHELL_MAIN_PROCESS_SPEC: JSON.stringify(spec) })
  const ssh = await gateway.openSsh()
  result.catch(() => {})
  child.stdout.destroy()
  child.stderr.destroy()
  expect((await ssh.run('touch go; until [ -e done ]; do sleep 0.05; done')).exitStatus).toBe(0)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([128 + 15, null])
})

test('a second signal kills at once', async () => {
  const script = { version: 1, command: ['/bin/sh', '-c', 'trap "" TERM; echo up; while :; do sleep 0.05; done'] }
  const { child, result } = run({ OPENSHELL_MAIN_PROCESS_SPEC: JSON.stringify(script) }, ['--stop-grace-ms', '60000'])
  await once(child.stdout, 'data')
  await gateway.session()
  child.kill('SIGINT')
  child.kill('SIGTERM')
  expect((await result).code).toBe(128 + 9)
})

test('serves SSH on a socket that only its owner may use, and removes it', async () => {
  const path = join(folder, 'run', 'ssh.sock')
  const { child, result } = run({ OPENSHELL_SSH_SOCKET_PATH: path })
  await gateway.session()
  expect((await stat(join(folder, 'run'))).mode & 0o777).toBe(0o700)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const client = new Client()
  const socket = connect(path)
  client.connect({ sock: socket, username: 'anyone', authHandler: ['none'], hostVerifier: () => true })
  await once(client, 'ready')
  expect((await new SshEnd(client, socket).run('exit 12')).exitStatus).toBe(12)
  child.kill('SIGTERM')
  await result
  await expect(stat(path)).rejects.toThrow('ENOENT')
})

test('keeps trying while the gateway is away, and warns once', async () => {
  await gateway.close()
  const { child, result } = run({ OPENSHELL_LOG_LEVEL: 'debug' })
  let log = ''
  child.stderr.on('data', (bytes: Buffer) => {
    log += bytes
  })
  const levels = () => [...log.matchAll(/"level":(\d+).*not connected to the gateway/g)].map(([, level]) => level)
  while (levels().length < 2) await once(child.stderr, 'data')
  child.kill('SIGTERM')
  await result
  expect(levels().slice(0, 2)).toEqual(['40', '20'])
})

test.each([
  ['a missing endpoint', { OPENSHELL_ENDPOINT: '' }, /^openshell-dev-supervisor: Not set: OPENSHELL_ENDPOINT .*\n$/],
  ['a missing token', { OPENSHELL_SANDBOX_TOKEN_FILE: undefined }, /Not set: OPENSHELL_SANDBOX_TOKEN_FILE .*\n$/],
  [
    'an unreadable token file',
    { OPENSHELL_SANDBOX_TOKEN_FILE: '/no/such/file' },
    /^.*\/no\/such\/file cannot be read \(ENOENT\).*\n$/,
  ],
  [
    'a malformed spec',
    { OPENSHELL_MAIN_PROCESS_SPEC: '{"secret' },
    /^.*OPENSHELL_MAIN_PROCESS_SPEC: it is not valid JSON\..*\n$/,
  ],
  ['half of TLS', { OPENSHELL_TLS_CA: '/ca' }, /^.*Set all three, or none of them\.\n$/],
])('%s is one line on stderr and exit code 2', async (_case, environment, line) => {
  const { stderr, stdout, code } = await run(environment).result
  expect(stderr).toMatch(line)
  expect(stderr).not.toContain('secret')
  expect({ stdout, code }).toEqual({ stdout: '', code: 2 })
})

test('command lines that cannot be used are refused, and --help has examples', async () => {
  const texts: readonly (readonly [string, readonly string[]])[] = [
    ['There is no flag --wrokdir.', ['--wrokdir', '/tmp']],
    ['whole number', ['--stop-grace-ms', 'soon']],
    ['--sandbox needs a value.', ['--sandbox']],
    ['Write the main process behind --', ['sleep', '1']],
  ]
  const results = await Promise.all(texts.map(([, argv]) => run({}, argv).result))
  const refused = texts.map(([words]) => ({ code: 2, stdout: '', stderr: expect.stringContaining(words) }))
  expect(results).toEqual(refused)
  const { stdout, code } = await run({ OPENSHELL_ENDPOINT: undefined }, ['--help']).result
  expect({ stdout, code }).toEqual({
    stdout: expect.stringMatching(/^[ -~…\n]*EXAMPLES\n\n {2}openshell-dev-supervisor /),
    code: 0,
  })
})
