import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { status } from '@grpc/grpc-js'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DriverRefusal, ScriptedDriver } from './scripted-driver.js'
import { failure, Setup } from './test-client.js'
import { TestSupervisor } from './test-supervisor.js'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gw-restart-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const idOf = (sandbox: { metadata?: { id: string } | undefined }) => sandbox.metadata?.id ?? ''
const managed = () => ({ gatewayManagesLifecycle: true, defaultImage: 'i' })

describe.each(['in memory', 'in a folder'])('restart with state %s', (place) => {
  const state = () => (place === 'in memory' ? {} : { stateDirectory: directory })

  test('goes on with sandboxes, records and tokens, on the same port', async () => {
    await using setup = await Setup.start(state())
    const { endpoint } = setup.gateway
    const before = await setup.create({ labels: { k: 'v' } })
    await setup.client.unary('createWorkspace', { name: 'team' })
    await setup.client.unary('createProvider', {
      provider: { metadata: { name: 'p' }, type: 'generic', credentials: { KEY: 'secret' } },
    })
    const token = setup.token(idOf(before))

    await setup.gateway.restart()
    expect(setup.gateway.endpoint).toBe(endpoint)
    const after = await setup.get()
    expect(after.metadata).toMatchObject({ id: idOf(before), labels: { k: 'v' } })
    const { workspaces } = await setup.client.unary('listWorkspaces', {})
    expect(workspaces.map(({ metadata }) => metadata?.name)).toEqual(['default', 'team'])
    const { providers } = await setup.client.unary('listProviders', {})
    expect(providers.map(({ metadata }) => metadata?.name)).toEqual(['p'])
    await using supervisor = new TestSupervisor(endpoint, token)
    await supervisor.connect(idOf(before))
    await setup.reaches(idOf(before), SandboxPhase.READY)
  })

  test('keeps nothing of what calls that it cut do on their way out', async () => {
    await using setup = await Setup.start(state())
    setup.driver.replies.createSandbox = () => new Promise(() => undefined)
    const cut = failure(setup.create())
    await setup.driver.received('createSandbox')
    await setup.gateway.restart({ kill: true })
    expect((await cut).code).toBe(status.UNAVAILABLE)
    expect((await setup.get()).status?.phase).toBe(SandboxPhase.PROVISIONING)
  })
})

test.each([false, true])('cuts the streams of clients and supervisors (kill: %s)', async (kill) => {
  await using setup = await Setup.start()
  const sandbox = await setup.create()
  await using supervisor = await setup.supervise(sandbox)
  const ended = supervisor.sessionEnded()
  const watch = setup.client.serverStream('watchSandbox', { id: idOf(sandbox), followStatus: true })
  await once(watch, 'data')
  const failed = once(watch.resume(), 'error')
  await setup.gateway.restart({ kill })
  expect(await failed).toMatchObject([{ code: status.UNAVAILABLE }])
  expect(await ended).toMatchObject({ code: status.UNAVAILABLE })
})

test('a stop ends the compute that the gateway manages and starts it again, a kill only starts it', async () => {
  const driver = await ScriptedDriver.start({ getCapabilities: managed })
  await using setup = await Setup.start({ driver })
  await setup.create()
  await setup.gateway.restart({ kill: true })
  expect([driver.callsOf('stopSandbox').length, driver.callsOf('startSandbox').length]).toEqual([0, 1])
  await setup.gateway.restart()
  expect([driver.callsOf('stopSandbox').length, driver.callsOf('startSandbox').length]).toEqual([1, 2])
})

test('recovers by the rules of a start: compute that is gone is an error', async () => {
  const driver = await ScriptedDriver.start({ getCapabilities: managed })
  await using setup = await Setup.start({ driver })
  await setup.create()
  driver.replies.startSandbox = () => {
    throw new DriverRefusal(status.NOT_FOUND, 'gone')
  }
  await setup.gateway.restart({ kill: true })
  expect((await setup.get()).status).toMatchObject({
    phase: SandboxPhase.ERROR,
    conditions: [{ reason: 'BackendResourceMissing' }],
  })
})

test('without its driver it is down, and the next restart tries again', async () => {
  await using setup = await Setup.start({ timings: { driverConnectTimeoutMs: 0 } })
  const sandbox = await setup.create()
  await setup.driver.stop()
  await expect(setup.gateway.restart()).rejects.toThrow('failed to connect to remote compute driver socket')
  expect((await failure(setup.get())).code).toBe(status.UNAVAILABLE)
  await setup.driver.listen()
  await setup.gateway.restart()
  const client = setup.connect()
  expect((await client.unary('getSandbox', { name: 'box' })).sandbox?.metadata?.id).toBe(idOf(sandbox))
  client.close()
})

test('restarts follow one another, and a close ends them', async () => {
  await using setup = await Setup.start()
  const restarts = [setup.gateway.restart(), setup.gateway.restart({ kill: true })]
  await setup.gateway.close()
  await Promise.all(restarts)
  expect(setup.driver.callsOf('getCapabilities')).toHaveLength(3)
  await expect(setup.gateway.restart()).rejects.toThrow('The gateway was closed')
})

test('simulated sandboxes survive', async () => {
  await using setup = await Setup.start({ drivers: undefined as never })
  const sandbox = await setup.create()
  await setup.reaches(idOf(sandbox), SandboxPhase.READY)
  await setup.gateway.restart()
  await setup.reaches(idOf(sandbox), SandboxPhase.READY)
  expect((await setup.client.unary('deleteSandbox', { name: 'box' })).deleted).toBe(true)
})

test('certificates that are in memory only stay the same', async () => {
  await using setup = await Setup.start({ tls: { clientCertificates: 'none' } })
  const before = setup.gateway.tls?.ca
  await setup.gateway.restart()
  const socket = connect({ port: setup.gateway.port, host: '127.0.0.1', ca: before ?? '', ALPNProtocols: ['h2'] })
  await once(socket, 'secureConnect')
  expect(socket.authorized).toBe(true)
  socket.destroy()
})
