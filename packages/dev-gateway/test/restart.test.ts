import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { status } from '@grpc/grpc-js'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startDevGateway } from '../src/index.js'
import { DriverRefusal, ScriptedDriver } from './scripted-driver.js'
import { failure, Setup } from './test-client.js'
import { TestSupervisor } from './test-supervisor.js'

let stateDirectory = ''
beforeEach(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'gw-state-'))
})
afterEach(() => rm(stateDirectory, { recursive: true, force: true }))

/** Ends the gateway and starts another one on the same state and driver. */
async function restart(setup: Setup): Promise<Setup> {
  setup.client.close()
  await setup.gateway.close()
  return Setup.start({ driver: setup.driver, stateDirectory })
}

const idOf = (sandbox: { metadata?: { id: string } | undefined }) => sandbox.metadata?.id ?? ''

test('sandboxes, workspaces and tokens outlive the gateway', async () => {
  const first = await Setup.start({ stateDirectory })
  await first.client.unary('createWorkspace', { name: 'team', labels: { a: 'b' } })
  const block = { driverConfig: { acme: { size: 1 }, other: {} } }
  const before = await first.create({ spec: { template: block }, labels: { k: 'v' } })
  const token = first.token(idOf(before))

  await using second = await restart(first)
  const after = await second.get()
  expect(after.spec).toEqual(before.spec)
  expect(after.metadata).toMatchObject({
    id: idOf(before),
    labels: { k: 'v' },
    createdAtMs: before.metadata?.createdAtMs,
  })
  expect(after.spec?.template?.driverConfig).toEqual(block.driverConfig)
  const { workspaces } = await second.client.unary('listWorkspaces', {})
  expect(workspaces.map(({ metadata }) => metadata?.name)).toEqual(['default', 'team'])
  await using supervisor = new TestSupervisor(second.gateway.endpoint, token)
  await supervisor.connect(idOf(before))
  await second.reaches(idOf(before), SandboxPhase.READY)
})

test('what was deleted stays deleted', async () => {
  const first = await Setup.start({ stateDirectory })
  const sandbox = await first.create()
  first.driver.replies.deleteSandbox = () => ({ deleted: false })
  await first.client.unary('deleteSandbox', { name: 'box' })
  await using second = await restart(first)
  expect((await failure(second.get())).code).toBe(status.NOT_FOUND)
  expect(await readdir(join(stateDirectory, 'sandboxes'))).toEqual([])
  expect(idOf(sandbox)).not.toBe('')
})

test('files that may hold secrets are for their owner only', async () => {
  await using setup = await Setup.start({ stateDirectory })
  const id = idOf(await setup.create({ spec: { environment: { SECRET: 's' } } }))
  for (const file of [join('sandboxes', `${id}.json`), join('jwt', 'signing.pem')]) {
    expect((await stat(join(stateDirectory, file))).mode & 0o777).toBe(0o600)
  }
})

test.each([
  [join('sandboxes', 'some.json'), '{'],
  [join('sandboxes', 'some.json'), '{"id":"some"}'],
  ['workspaces.json', '{}'],
  ['workspaces.json', '[null]'],
  ['providers.json', '[{"value":{}}]'],
  [join('jwt', 'signing.pem'), ''],
])('state in %s that cannot be read, as %s, stops the start and is named', async (name, text) => {
  const file = join(stateDirectory, name)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
  await expect(startDevGateway({ stateDirectory })).rejects.toMatchObject({
    kind: 'configuration',
    message: `The gateway's state in ${file} cannot be used; remove it to start without it.`,
  })
})

describe('at the start', () => {
  const managed = () => ({ gatewayManagesLifecycle: true, defaultImage: 'i' })

  /** A gateway that ended in the middle of a stop or a start. */
  async function interrupted(phase: 'STOPPING' | 'STARTING'): Promise<Setup> {
    const setup = await Setup.start({ stateDirectory })
    const sandbox = await setup.create()
    await using _supervisor = await setup.supervise(sandbox)
    if (phase === 'STARTING') await setup.client.unary('stopSandbox', { name: 'box' })
    const method = phase === 'STOPPING' ? 'stopSandbox' : 'startSandbox'
    setup.driver.replies[method] = () => new Promise(() => undefined)
    const call = setup.client.unary(method, { name: 'box' }).catch(() => undefined)
    await setup.driver.received(method)
    delete setup.driver.replies[method]
    const next = await restart(setup)
    await call
    return next
  }

  test('an interrupted stop is finished', async () => {
    await using setup = await interrupted('STOPPING')
    expect(setup.driver.callsOf('stopSandbox').length).toBe(2)
    expect((await setup.get()).status?.phase).toBe(SandboxPhase.STOPPED)
  })

  test('what is deleted while its stop is finished stays so', async () => {
    await using setup = await Setup.start({ stateDirectory })
    await using _supervisor = await setup.supervise(await setup.create())
    setup.driver.replies.stopSandbox = () => new Promise(() => undefined)
    const stopping = setup.client.unary('stopSandbox', { name: 'box' }).catch(() => undefined)
    await setup.driver.received('stopSandbox')
    setup.driver.replies.stopSandbox = async () => {
      await setup.client.unary('deleteSandbox', { name: 'box' })
      return {}
    }
    await setup.gateway.restart({ kill: true })
    await stopping
    expect((await setup.get()).status?.phase).toBe(SandboxPhase.DELETING)
  })

  test('an interrupted start is asked for again, and the row waits', async () => {
    await using setup = await interrupted('STARTING')
    expect(setup.driver.callsOf('startSandbox').length).toBe(2)
    expect((await setup.get()).status?.phase).toBe(SandboxPhase.STARTING)
  })

  test.each([
    [status.NOT_FOUND, 'BackendResourceMissing', 'Sandbox compute resource disappeared while the gateway was offline'],
    [status.INTERNAL, 'StartFailed', 'Failed to start sandbox during gateway startup: broken'],
  ])('compute that ended with the gateway and answers %i is an error', async (code, reason, message) => {
    const driver = await ScriptedDriver.start({ getCapabilities: managed })
    const first = await Setup.start({ driver, stateDirectory })
    await first.create()
    driver.replies.startSandbox = () => {
      throw new DriverRefusal(code, 'broken')
    }
    await using second = await restart(first)
    expect((await second.get()).status).toMatchObject({ phase: SandboxPhase.ERROR, conditions: [{ reason, message }] })
  })

  test('compute that ended with the gateway is started again, what was stopped is not', async () => {
    const driver = await ScriptedDriver.start({ getCapabilities: managed })
    const first = await Setup.start({ driver, stateDirectory })
    const running = await first.create({ name: 'running' })
    const stopped = await first.create({ name: 'stopped' })
    await using _supervisor = await first.supervise(stopped)
    await first.client.unary('stopSandbox', { name: 'stopped' })
    await using second = await restart(first)
    expect(driver.callsOf('startSandbox').map(({ request }) => request.sandboxId)).toEqual([idOf(running)])
    expect((await second.get('running')).status?.phase).toBe(SandboxPhase.PROVISIONING)
  })
})
