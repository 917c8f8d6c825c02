import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { status as codes } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { defineDriver, serveDriver } from '../src/index.js'
import { configDriver, earlierDriver } from './config-driver.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { rejection } from './rejection.js'
import { type ComputeClient, computeClient, sandboxMessage, serveInTest, temporaryFolder } from './serve-in-test.js'

async function reasons(client: ComputeClient): Promise<Record<string, string | undefined>> {
  const { sandboxes } = await client.unary('listSandboxes', {})
  return Object.fromEntries(
    sandboxes.map(({ id, status }) => [id, status?.conditions.find(({ type }) => type === 'Ready')?.reason]),
  )
}

async function change(file: string, edit: (record: Record<string, unknown>) => void): Promise<void> {
  const record = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  edit(record)
  await writeFile(file, JSON.stringify(record))
}

test('a restarted driver lists its sandboxes with the states that the backend reports', async () => {
  const backend = memoryBackend()
  const driver = memoryDriver(backend)
  await using served = await serveInTest(driver)
  for (const id of ['runs', 'stopped', 'lost', 'ended']) {
    await served.client.unary('createSandbox', { sandbox: sandboxMessage(id) })
  }
  await served.client.unary('stopSandbox', { sandboxId: 'stopped' })
  backend.sandboxes.delete('lost')
  backend.sandboxes.set('ended', { type: 'exited', exitCode: 3 })
  backend.sandboxes.set('foreign', { type: 'running' })
  await served.restart(driver)
  expect(await reasons(served.client)).toEqual({
    runs: 'BackendReady',
    stopped: 'ContainerStopped',
    lost: 'ContainerStopped',
    ended: 'ContainerExited',
  })
  const { sandbox } = await served.client.unary('getSandbox', { sandboxId: 'lost' })
  expect(sandbox?.status?.conditions.map(({ type }) => type)).toEqual(['Ready'])
  expect(backend.calls.filter((call) => call.startsWith('start'))).toEqual([])
  await served.client.unary('startSandbox', { sandboxId: 'stopped' })
  expect((await served.client.unary('deleteSandbox', { sandboxId: 'runs' })).deleted).toBe(true)
})

test('handlers get the same sandbox after a restart, token and environment included', async () => {
  const backend = memoryBackend()
  const base = memoryDriver(backend)
  const seen: unknown[] = []
  const driver = defineDriver({
    ...base,
    async create(sandbox, context) {
      seen.push(sandbox)
      await base.create(sandbox, context)
    },
    async start(sandbox, context) {
      seen.push(sandbox)
      await base.start(sandbox, context)
    },
  })
  await using served = await serveInTest(driver)
  const sandbox = sandboxMessage('one', {
    spec: { sandboxToken: 'token-1', environment: { KEY: 'spec' }, resourceRequirements: {} },
    template: { environment: { KEY: 'template', MORE: 'kept' }, labels: { a: 'b' }, platformConfig: { x: [1, null] } },
  })
  await served.client.unary('createSandbox', { sandbox })
  await served.client.unary('stopSandbox', { sandboxId: 'one' })
  await served.restart(driver)
  await served.client.unary('startSandbox', { sandboxId: 'one' })
  expect(seen[1]).toEqual(seen[0])
  const folder = join(served.stateDirectory, 'sandboxes', 'one')
  expect(seen[0]).toMatchObject({
    environment: { KEY: 'spec', MORE: 'kept' },
    labels: { a: 'b' },
    platformConfig: { x: [1, null] },
    directory: join(folder, 'files'),
    tokenFile: join(folder, 'sandbox.jwt'),
  })
  expect(await readFile(join(folder, 'sandbox.jwt'), 'utf8')).toBe('token-1')
})

test('records hold no secret, and secrets are private files', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const sandbox = sandboxMessage('one', {
    spec: { sandboxToken: 'token-1', environment: { API_KEY: 'key-1' }, launchAuthentication: Buffer.from('launch-1') },
  })
  await served.client.unary('createSandbox', { sandbox })
  const folder = join(served.stateDirectory, 'sandboxes', 'one')
  const record = await readFile(join(folder, 'record.json'), 'utf8')
  expect(record).not.toMatch(/token-1|key-1|launch-1/)
  expect((await readdir(folder)).sort()).toEqual(['environment.json', 'files', 'record.json', 'sandbox.jwt'])
  for (const [name, mode] of Object.entries({ 'environment.json': 0o600, 'sandbox.jwt': 0o600, files: 0o700 })) {
    expect([name, (await stat(join(folder, name))).mode & 0o777]).toEqual([name, mode])
  }
  expect((await stat(served.stateDirectory)).mode & 0o777).toBe(0o700)
})

test('what a crash cut off is undone, finished or left, and nothing is started', async () => {
  const backend = memoryBackend()
  const driver = memoryDriver(backend)
  await using served = await serveInTest(driver)
  const operations = ['create', 'delete', 'start', 'stop']
  for (const id of operations) await served.client.unary('createSandbox', { sandbox: sandboxMessage(id) })
  await served.server.close()
  for (const id of operations) {
    await change(join(served.stateDirectory, 'sandboxes', id, 'record.json'), (record) => {
      record['operation'] = id
    })
  }
  backend.sandboxes.delete('stop')
  backend.calls.length = 0
  await served.restart(driver)
  expect(await reasons(served.client)).toEqual({ start: 'BackendReady', stop: 'ContainerStopped' })
  expect(backend.calls.sort()).toEqual(['delete create', 'delete delete'])
  expect((await readdir(join(served.stateDirectory, 'sandboxes'))).sort()).toEqual(['start', 'stop'])
})

test('calls wait for the recovery, and a driver that cannot list does not start', async () => {
  await using folder = await temporaryFolder()
  const where = { socketPath: join(folder.path, 'd.sock'), stateDirectory: join(folder.path, 'st') }
  let finish = () => {}
  const listed = new Promise<void>((resolve) => {
    finish = resolve
  })
  const base = memoryDriver(memoryBackend())
  const slow = defineDriver({ ...base, list: () => listed.then(() => []) })
  const starting = serveDriver(slow, where)
  const client = computeClient(where.socketPath)
  const early = client.waitForReady(new Date(Date.now() + 30_000)).then(() => client.unary('getCapabilities', {}))
  expect((await early).driverName).toBe('acme')
  let answered = false
  const list = client.unary('listSandboxes', {}).then((answer) => {
    answered = true
    return answer
  })
  await client.unary('getCapabilities', {})
  expect(answered).toBe(false)
  finish()
  expect((await list).sandboxes).toEqual([])
  client.close()
  await (await starting).close()
  const failing = defineDriver({ ...base, list: () => Promise.reject(new Error('backend is down')) })
  await expect(serveDriver(failing, where)).rejects.toThrow('backend is down')
})

test('a broken record is kept and named, and the others are served', async () => {
  const backend = memoryBackend()
  const driver = memoryDriver(backend)
  await using served = await serveInTest(driver)
  for (const id of ['good', 'torn', 'newer', 'moved']) {
    await served.client.unary('createSandbox', { sandbox: sandboxMessage(id) })
  }
  await served.server.close()
  const file = (id: string) => join(served.stateDirectory, 'sandboxes', id, 'record.json')
  await writeFile(file('torn'), '{"format":1,')
  await change(file('newer'), (record) => {
    record['format'] = 2
  })
  await change(file('moved'), (record) => {
    record['spec'] = { ...(record['spec'] as object), id: 'good' }
  })
  const problems: string[] = []
  const error = (_fields: object, message = '') => void problems.push(message)
  const logger = { debug() {}, info() {}, warn() {}, error }
  const server = await serveDriver(driver, { ...served, logger })
  const client = computeClient(served.socketPath)
  expect(Object.keys(await reasons(client))).toEqual(['good'])
  client.close()
  await server.close()
  expect(problems.sort()).toEqual([
    expect.stringContaining('sandbox "moved" was skipped and kept: its spec.id is not the name of its folder'),
    expect.stringContaining('sandbox "newer" was skipped and kept: it was written by a newer driver (format 2'),
    expect.stringContaining('sandbox "torn" was skipped and kept: it is not valid JSON'),
  ])
  expect((await readdir(join(served.stateDirectory, 'sandboxes'))).sort()).toEqual(['good', 'moved', 'newer', 'torn'])
})

test('a stored block is migrated at the next start, and one of a newer driver is refused and left alone', async () => {
  const backend = memoryBackend()
  const seen: unknown[] = []
  await using served = await serveInTest(earlierDriver(backend))
  const block = { schema_version: 1, size: '2Gi' }
  await served.client.unary('createSandbox', { sandbox: sandboxMessage('old', { template: { driverConfig: block } }) })
  await served.client.unary('stopSandbox', { sandboxId: 'old' })
  await served.restart(configDriver(backend, seen))
  await served.client.unary('startSandbox', { sandboxId: 'old' })
  expect(seen).toEqual([{ size_bytes: 2_147_483_648, mode: 'safe', labels: [] }])
  const newer = { schema_version: 2, size_bytes: 5 }
  await served.client.unary('createSandbox', { sandbox: sandboxMessage('new', { template: { driverConfig: newer } }) })
  await served.client.unary('stopSandbox', { sandboxId: 'new' })
  const file = join(served.stateDirectory, 'sandboxes', 'new', 'record.json')
  const record = await readFile(file, 'utf8')
  await served.restart(earlierDriver(backend))
  expect(Object.keys(await reasons(served.client)).sort()).toEqual(['new', 'old'])
  const error = await rejection(served.client.unary('startSandbox', { sandboxId: 'new' }))
  expect(error.code).toBe(codes.FAILED_PRECONDITION)
  expect(error.details).toContain(
    'the stored driver_config has schema_version 2, written by another release, but driver acme 1.3.0 supports 1',
  )
  expect(await readFile(file, 'utf8')).toBe(record)
  expect(JSON.parse(record)).toMatchObject({
    driverConfig: { schema_version: 2, driver_version: '1.4.0', config: { size_bytes: 5 } },
  })
  expect((await served.client.unary('deleteSandbox', { sandboxId: 'new' })).deleted).toBe(true)
})

test('a second driver on one state directory refuses to start and names the first', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const second = serveDriver(memoryDriver(memoryBackend()), {
    socketPath: join(served.folder, 'other.sock'),
    stateDirectory: served.stateDirectory,
  })
  await expect(second).rejects.toThrow(
    `The state directory "${served.stateDirectory}" is used by another process (pid ${process.pid}).`,
  )
})
