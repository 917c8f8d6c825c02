import { lstat, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { status as codes } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { DriverProcess } from './driver-process.js'
import { rejection } from './rejection.js'
import { computeClient, sandboxMessage, temporaryFolder } from './serve-in-test.js'

async function place(folder: string) {
  const backend = join(folder, 'backend')
  await mkdir(backend, { recursive: true })
  const socketPath = join(folder, 's', 'd.sock')
  const stateDirectory = join(folder, 'state')
  const args = ['serve', '--bind-socket', socketPath, '--state-dir', stateDirectory, '--backend', backend]
  return { backend, socketPath, stateDirectory, args }
}

const hanging = (id: string) => sandboxMessage(id, { template: { driverConfig: { hang: true } } })

test('a killed driver is back at once with its sandboxes, on the same socket and state directory', async () => {
  await using folder = await temporaryFolder()
  const { args, socketPath } = await place(folder.path)
  await using first = new DriverProcess(args)
  await first.printed('serves on')
  const before = computeClient(socketPath)
  for (const id of ['one', 'two']) await before.unary('createSandbox', { sandbox: sandboxMessage(id) })
  await before.unary('stopSandbox', { sandboxId: 'two' })
  before.close()
  expect(await first.kill('SIGKILL')).toBe('SIGKILL')
  await using second = new DriverProcess(args)
  await second.printed('serves on')
  const client = computeClient(socketPath)
  const { sandboxes } = await client.unary('listSandboxes', {})
  expect(sandboxes.map(({ id, status }) => [id, status?.conditions.at(-1)?.reason]).sort()).toEqual([
    ['one', 'BackendReady'],
    ['two', 'ContainerStopped'],
  ])
  await client.unary('startSandbox', { sandboxId: 'two' })
  expect((await client.unary('deleteSandbox', { sandboxId: 'one' })).deleted).toBe(true)
  client.close()
})

test('a create that a kill cuts off leaves nothing in the backend and no sandbox', async () => {
  await using folder = await temporaryFolder()
  const { args, socketPath, backend, stateDirectory } = await place(folder.path)
  await using first = new DriverProcess(args)
  await first.printed('serves on')
  const before = computeClient(socketPath)
  const create = rejection(before.unary('createSandbox', { sandbox: hanging('one') }))
  await first.printed('created one')
  await first.kill('SIGKILL')
  await create
  before.close()
  expect(await readdir(backend)).toEqual(['one'])
  await using second = new DriverProcess(args)
  await second.printed('serves on')
  const client = computeClient(socketPath)
  expect((await client.unary('listSandboxes', {})).sandboxes).toEqual([])
  expect([await readdir(backend), await readdir(join(stateDirectory, 'sandboxes'))]).toEqual([[], []])
  await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  client.close()
})

test('SIGTERM ends the driver with code 0, answers new calls no more and removes the socket', async () => {
  await using folder = await temporaryFolder()
  const { args, socketPath } = await place(folder.path)
  await using driver = new DriverProcess([...args, '--otlp-endpoint', 'http://c:4317', '--gateway-name', 'east'])
  await driver.printed('serves on')
  expect(driver.stdout).toMatch(/^traces to http:\/\/c:4317\n/)
  const client = computeClient(socketPath)
  await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  const watch = client.serverStream('watchSandboxes', {})
  watch.resume()
  const ended = new Promise<{ code?: number }>((resolve) => watch.once('error', resolve))
  expect(await driver.kill('SIGTERM')).toBe(0)
  expect((await ended).code).toBe(codes.UNAVAILABLE)
  client.close()
  await expect(lstat(socketPath)).rejects.toThrow('ENOENT')
  expect(driver.stdout).toMatch(/\ntraces ended\n$/)
  const lines = driver.stderr.trim().split('\n')
  expect(lines.filter((line) => !line.includes('"gateway":"east"'))).toEqual([])
})

test('the second of two signals ends a driver that waits for a call', async () => {
  await using folder = await temporaryFolder()
  const { args, socketPath } = await place(folder.path)
  await using driver = new DriverProcess(args)
  await driver.printed('serves on')
  const client = computeClient(socketPath)
  const create = rejection(client.unary('createSandbox', { sandbox: hanging('one') }))
  await driver.printed('created one')
  const first = driver.kill('SIGINT')
  await driver.logged('Shutting down')
  void driver.kill('SIGINT')
  expect(await first).toBe(1)
  await create
  client.close()
})

test('a second process on the state directory ends with one sentence', async () => {
  await using folder = await temporaryFolder()
  const { args, stateDirectory, backend } = await place(folder.path)
  await using first = new DriverProcess(args)
  await first.printed('serves on')
  const other = ['serve', '--bind-socket', join(folder.path, 'o.sock'), '--state-dir', stateDirectory]
  await using second = new DriverProcess([...other, '--backend', backend])
  expect(await second.exited()).toBe(1)
  expect(second.stderr).toMatch(
    /^filed-driver: The state directory ".+" is used by another process \(pid \d+\)\. .+\n$/,
  )
})

test('logs are JSON on stderr, and secrets in them are replaced', async () => {
  await using folder = await temporaryFolder()
  const { args, socketPath } = await place(folder.path)
  await using driver = new DriverProcess([...args, '--log-level', 'debug'])
  await driver.printed('serves on')
  const client = computeClient(socketPath)
  const sandbox = sandboxMessage('one', { spec: { sandboxToken: 'token-1', environment: { KEY: 'key-1' } } })
  await client.unary('createSandbox', { sandbox })
  client.close()
  await driver.kill('SIGTERM')
  const lines = driver.stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines).toContainEqual(expect.objectContaining({ msg: 'written', sandboxId: 'one', sandboxToken: '[secret]' }))
  expect(lines).toContainEqual(
    expect.objectContaining({ msg: 'Answered', code: 'OK', rpc: expect.stringContaining('CreateSandbox') }),
  )
  expect(driver.stderr).not.toMatch(/token-1|key-1|token-in-log/)
})

test('a wrong command line is one sentence and code 2', async () => {
  const run = async (args: readonly string[], environment?: Readonly<Record<string, string>>) => {
    await using driver = new DriverProcess(args, environment)
    return [await driver.exited(), driver.stdout, driver.stderr]
  }
  const socket = ['serve', '--bind-socket', '/tmp/never/d.sock', '--state-dir', '/tmp/never/s']
  expect(await run(['serv'])).toEqual([2, '', 'filed-driver: Unknown command "serv"; did you mean "serve"?\n'])
  expect(await run(['serve', '--bind-sokcet', 'x'])).toEqual([
    2,
    '',
    'filed-driver: Unknown flag --bind-sokcet; did you mean --bind-socket?\n',
  ])
  expect(await run(['serve'])).toEqual([
    2,
    '',
    'filed-driver: Pass --bind-socket PATH or set OPENSHELL_COMPUTE_DRIVER_SOCKET.\n',
  ])
  expect(await run(socket)).toEqual([2, '', 'filed-driver: Pass --backend VALUE or set FILED_BACKEND.\n'])
  const twin = { FILED_BACKEND: '/tmp', OPENSHELL_LOG_LEVEL: 'loud' }
  expect(await run(socket, twin)).toEqual([2, '', expect.stringContaining('must be one of trace')])
  const admission = { FILED_BACKEND: '/tmp', OPENSHELL_DRIVER_ADMISSION_CONFIG_JSON: '{"allow_driver_config":"yes"}' }
  expect(await run(socket, admission)).toEqual([
    2,
    '',
    expect.stringContaining('allow_driver_config must be true or false.'),
  ])
})

test('a driver examines itself, started for it, with its own schemas', async () => {
  await using folder = await temporaryFolder()
  const { backend } = await place(folder.path)
  const conformance = async (...args: string[]) => {
    await using driver = new DriverProcess(['conformance', ...args], { FILED_BACKEND: backend, TMPDIR: '/tmp' })
    return [await driver.exited(), `${driver.stdout}${driver.stderr}`]
  }
  const [code, report] = await conformance(
    '--case',
    'lifecycle/created,marker/known,restart/nothing-lost',
    '--line',
    '0.1',
  )
  expect([code, report]).toEqual([0, expect.stringMatching(/[1-9]\d* pass, 0 fail, 0 skip/)])
  expect(await conformance('--case', 'none')).toEqual([2, expect.stringContaining('"none"')])
  expect(await readdir(backend)).toEqual([])
})

test('help, version and schema go to stdout, without colours', async () => {
  const stdout = async (...args: string[]) => {
    await using driver = new DriverProcess(args)
    expect(await driver.exited()).toBe(0)
    return driver.stdout
  }
  expect(await stdout('--version')).toBe('1.0.0\n')
  const help = await stdout('serve', '--help')
  for (const text of ['USAGE filed-driver serve', '--bind-socket=<PATH>', 'Required.', '[FILED_BACKEND]', 'EXAMPLES']) {
    expect(help).toContain(text)
  }
  expect(help).not.toContain('\u001b')
  const all = JSON.parse(await stdout('config', 'schema')) as { schemas: { version: number; schema: unknown }[] }
  expect(all.schemas.map(({ version }) => version)).toEqual([1])
  expect(JSON.parse(await stdout('config', 'schema', '--version', '1'))).toEqual(all.schemas[0]?.schema)
})
