import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { credentials } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { OpenShell } from '@openshell-ts/protocol/v0-0'
import { afterEach, describe, expect, test } from 'vitest'
import { generateSigningKeys } from '../src/index.js'
import { ScriptedDriver } from './scripted-driver.js'

const bin = fileURLToPath(new URL('../bin/openshell-dev-gateway.js', import.meta.url))
const running = new Set<ChildProcess>()

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})

/** Starts the command, and collects what it prints. */
function run(...args: string[]) {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (bytes) => (output.stdout += bytes))
  child.stderr.on('data', (bytes) => (output.stderr += bytes))
  const exited = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }))
  return {
    exited,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    async printed(pattern: RegExp): Promise<string> {
      for (;;) {
        const [match] = pattern.exec(output.stdout) ?? []
        if (match !== undefined) return match
        await Promise.race([once(child.stdout, 'data'), exited.then(() => Promise.reject(new Error(output.stderr)))])
      }
    },
  }
}

async function versionOf(url: string): Promise<string> {
  const client = new GrpcServiceClient(OpenShell, url.replace('http://', ''), credentials.createInsecure())
  const { version } = await client.unary('health', {})
  client.close()
  return version
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  'prints its address when it is ready, and %s ends it with 0',
  async (signal) => {
    await using driver = await ScriptedDriver.start()
    const gateway = run('--driver', `acme=${driver.socketPath}`, '--port', '0', '--health-port', '0')
    const url = await gateway.printed(/http:\/\/127\.0\.0\.1:\d+\n/)
    expect(await versionOf(url.trim())).toBe('0.0.111')
    const health = await gateway.printed(/http:\/\/127\.0\.0\.1:\d+\/readyz/)
    expect((await fetch(health)).status).toBe(200)
    gateway.kill(signal)
    expect(await gateway.exited).toMatchObject({ code: 0, stderr: '' })
  },
)

test('makes certificates, and says where a client finds its own', async () => {
  await using driver = await ScriptedDriver.start()
  const directory = join(dirname(driver.socketPath), 'tls')
  const gateway = run('--driver', `acme=${driver.socketPath}`, '--port', '0', '--tls-dir', directory)
  const url = await gateway.printed(/https:\/\/127\.0\.0\.1:\d+\n/)
  const folder = (await gateway.printed(/client certificates: .+\n/)).trim().replace('client certificates: ', '')
  const [ca, key, certificate] = await Promise.all(
    ['ca.crt', 'tls.key', 'tls.crt'].map((name) => readFile(join(folder, name))),
  )
  const channel = credentials.createSsl(ca, key, certificate)
  const client = new GrpcServiceClient(OpenShell, url.trim().replace('https://', ''), channel)
  expect(await client.unary('getCurrentUser', {})).toMatchObject({
    subject: 'openshell-client',
    identityProvider: 'mtls',
  })
  client.close()
})

describe('one line and exit code 1', () => {
  test('nobody at the socket', async () => {
    const { code, stderr } = await run('--driver', 'acme=/tmp/no-such.sock', '--driver-connect-timeout-ms', '50').exited
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "Error: execution error: failed to create compute runtime: failed to connect to remote compute driver socket '/tmp/no-such.sock' within 0.05s: transport error\n",
    })
  })

  test('an occupied port', async () => {
    await using driver = await ScriptedDriver.start()
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const { code, stderr } = await run('--driver', `acme=${driver.socketPath}`, '--port', String(port)).exited
    other.close()
    expect(code).toBe(1)
    expect(stderr).toBe(
      `Error: execution error: Cannot listen on 127.0.0.1:${port}: the port is in use; choose another one with --port (port), or 0 for a free one.\n`,
    )
  })

  test('a mistyped flag', async () => {
    expect(await run('--drver', 'acme=/x').exited).toEqual({
      code: 1,
      stdout: '',
      stderr:
        "Error: configuration error: Unknown option '--drver'; did you mean --driver? See openshell-dev-gateway --help.\n",
    })
  })
})

test('an empty socket path ends with the exit code of the real gateway’s command line', async () => {
  const { code, stderr } = await run('--compute-driver-socket', '', '--drivers', 'acme').exited
  expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 2, lines: 2 })
})

test('--help shows examples, --version the package’s version', async () => {
  const help = await run('--help').exited
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('openshell-dev-gateway --driver acme=/run/acme/compute.sock')
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  expect((await run('--version').exited).stdout).toBe(`${manifest.version}\n`)
})

test('the real gateway’s configuration and flags are understood', async () => {
  await using driver = await ScriptedDriver.start()
  const directory = dirname(driver.socketPath)
  const { privateKey, publicKey } = generateSigningKeys()
  await writeFile(join(directory, 'k'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  await writeFile(join(directory, 'p'), publicKey.export({ type: 'spki', format: 'pem' }))
  await writeFile(join(directory, 'i'), 'key-1\n')
  const config = join(directory, 'gateway.toml')
  await writeFile(
    config,
    `[openshell]
version = 1
[openshell.gateway]
compute_drivers = ["Acme"]
disable_tls = true
[openshell.gateway.auth]
allow_unauthenticated_users = true
[openshell.gateway.gateway_jwt]
signing_key_path = "${directory}/k"
public_key_path = "${directory}/p"
kid_path = "${directory}/i"
gateway_id = "lab"
[openshell.drivers.acme]
socket_path = "${driver.socketPath}"
other = 1
`,
  )
  const gateway = run('--config', config, '--port', '0', '--db-url', 'sqlite::memory:', '--gateway-version', '0.0.0')
  const url = (await gateway.printed(/http:\/\/127\.0\.0\.1:\d+\n/)).trim()
  expect(await versionOf(url)).toBe('0.0.0')
  const client = new GrpcServiceClient(OpenShell, url.replace('http://', ''), credentials.createInsecure())
  await client.unary('createSandbox', { name: 'box', spec: {} })
  client.close()
  const { request } = await driver.received('createSandbox')
  const [header = '', payload = ''] = request.sandbox?.spec?.sandboxToken.split('.') ?? []
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({ kid: 'key-1' })
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ iss: 'openshell-gateway:lab' })
})
