import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { status } from '@grpc/grpc-js'
import { SandboxPhase } from '@openshell-ts/protocol/v0-1'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LaterSetup, laterCapabilities, scope } from './later-setup.js'
import { ScriptedDriver } from './scripted-driver.js'
import { failure } from './test-client.js'

const named = { name: 'box', workspaceScope: scope }
const readyStatus = { conditions: [{ type: 'Ready', status: 'True', reason: 'BackendReady' }] }

/** A sandbox whose main process has ended. */
async function ended(setup: LaterSetup, exitCode: number, name = 'box'): Promise<string> {
  const sandbox = await setup.create({ name })
  const sandboxId = sandbox.metadata?.id ?? ''
  await using supervisor = await setup.supervise(sandbox)
  const report = { sandboxId, instanceId: 'instance-1', exitCode }
  await setup.client.unary('reportMainProcessExit', report, { metadata: supervisor.metadata })
  return sandboxId
}

test('driver-contract 11.1: a snapshot changes nothing but the version of a sandbox that is Completed', async () => {
  await using setup = await LaterSetup.start()
  const id = await ended(setup, 0)
  await setup.driver.watched()
  const before = await setup.get()
  expect(before.status?.phase).toBe(SandboxPhase.COMPLETED)
  setup.driver.emitStatus(id, 'box', readyStatus)
  const version = before.metadata?.resourceVersion ?? 0n
  const after = await setup.shows(({ metadata }) => (metadata?.resourceVersion ?? 0n) > version)
  expect(after.status).toEqual(before.status)
})

test('driver-contract 13.2: a sweep keeps what its main process ended, and has the rest cleaned up', async () => {
  await using setup = await LaterSetup.start({ timings: { sweepIntervalMs: 10, sweepGraceMs: 0 } })
  const { driver } = setup
  await ended(setup, 0, 'completed')
  await ended(setup, 3, 'failed')
  driver.replies.listSandboxes = () => ({ sandboxes: [] })
  const lost = (await setup.create({ name: 'lost' })).metadata?.id ?? ''
  driver.records.clear()
  const { request } = await driver.received('deleteSandbox')
  expect(request).toMatchObject({ sandboxId: lost, name: 'lost' })
  await driver.received('listSandboxes', driver.callsOf('listSandboxes').length + 2)
  const { sandboxes } = await setup.client.unary('listSandboxes', { workspaceScope: scope })
  expect(sandboxes.map(({ metadata }) => metadata?.name)).toEqual(['completed', 'failed'])
  expect(driver.callsOf('deleteSandbox')).toHaveLength(1)
})

test('driver-contract 17.2: a driver whose policy has changed starts nothing', async () => {
  await using setup = await LaterSetup.start()
  await ended(setup, 0)
  const asked = setup.driver.callsOf('getCapabilities').length
  const changed = { ...laterCapabilities(), resourceAdmissionPolicy: 'v1:{}' }
  setup.driver.replies.getCapabilities = () => changed
  expect(await failure(setup.client.unary('startSandbox', named))).toMatchObject({
    code: status.FAILED_PRECONDITION,
    details: 'remote driver admission policy changed; restart gateway after configuring matching policy',
  })
  expect(setup.driver.callsOf('getCapabilities')).toHaveLength(asked + 1)
  expect(setup.driver.callsOf('startSandbox')).toEqual([])
})

describe('driver-contract 4: the recovery of a driver whose compute ends with the gateway', () => {
  const allowing = { resourceAdmissionPolicy: 'v1:{"allow_driver_config":true}' }
  let stateDirectory = ''
  beforeEach(async () => {
    stateDirectory = await mkdtemp(join(tmpdir(), 'gw-later-'))
  })
  afterEach(() => rm(stateDirectory, { recursive: true }))

  async function again(
    driver: ScriptedDriver,
    prepare: (first: LaterSetup) => Promise<void>,
    { startsAllowed, authenticates = false }: { readonly startsAllowed: boolean; readonly authenticates?: boolean },
  ): Promise<LaterSetup> {
    const capabilities = { gatewayManagesLifecycle: true, supportsSandboxAuthentication: authenticates }
    const options = (allowed: boolean) => ({
      driver,
      stateDirectory,
      admission: { allowDriverConfig: allowed },
      capabilities: { ...capabilities, ...(allowed && allowing) },
    })
    const first = await LaterSetup.start(options(true))
    await prepare(first)
    first.client.close()
    // Compute is stopped with the gateway; the rows keep their phases.
    await first.gateway.close()
    return await LaterSetup.start(options(startsAllowed))
  }

  test.each(['ContainerRuntimeRestart', 'ContainerStopped'])('resumes what ended as %s', async (reason) => {
    await using driver = await ScriptedDriver.start()
    const failed = { conditions: [{ type: 'Ready', status: 'False', reason }] }
    const prepare = async (first: LaterSetup) => {
      const { metadata } = await first.create()
      await driver.watched()
      driver.records.set(metadata?.id ?? '', { id: metadata?.id ?? '', name: 'box', status: failed })
      driver.emitStatus(metadata?.id ?? '', 'box', failed)
      await first.reaches(SandboxPhase.ERROR)
      driver.sendsSnapshot = false
    }
    const second = await again(driver, prepare, { startsAllowed: true })
    await driver.received('listSandboxes', 2)
    const methods = driver.calls.map(({ method }) => method)
    // Nobody asks what there is before recovery is over.
    expect(methods.indexOf('startSandbox')).toBeLessThan(methods.lastIndexOf('listSandboxes'))
    expect(driver.callsOf('startSandbox')).toHaveLength(1)
    expect((await second.get()).status).toMatchObject({
      phase: SandboxPhase.PROVISIONING,
      conditions: [expect.objectContaining({ reason: 'Resumed' })],
    })
    second.client.close()
    await second.gateway.close()
  })

  test('leaves alone what has a block that is not allowed any more', async () => {
    await using driver = await ScriptedDriver.start()
    const prepare = async (first: LaterSetup) => {
      await first.create({ spec: { template: { driverConfig: { acme: { size: 1 } } } } })
    }
    const second = await again(driver, prepare, { startsAllowed: false })
    expect(driver.callsOf('startSandbox')).toEqual([])
    expect((await second.get()).status).toMatchObject({
      phase: SandboxPhase.ERROR,
      conditions: expect.arrayContaining([expect.objectContaining({ reason: 'ResourceAdmissionDenied' })]),
    })
    second.client.close()
    await second.gateway.close()
  })

  test('driver-contract 17.5: keeps the name that the driver gives, and the sandbox as it is when it gives none', async () => {
    await using driver = await ScriptedDriver.start()
    driver.replies.createSandbox = () => ({ runtimeIdentity: 'acme://one' })
    driver.replies.stopSandbox = () => ({})
    const identities: Record<string, string> = { named: 'acme://two', unnamed: '' }
    driver.replies.startSandbox = ({ request }) => ({ runtimeIdentity: identities[request.name] ?? '' })
    const prepare = async (first: LaterSetup) => {
      for (const name of Object.keys(identities)) await first.create({ name })
    }
    const second = await again(driver, prepare, { startsAllowed: true, authenticates: true })
    expect((await second.get('unnamed')).status?.phase).toBe(SandboxPhase.PROVISIONING)
    await driver.watched()
    const id = (await second.get('named')).metadata?.id ?? ''
    driver.emitStatus(id, 'named', { conditions: [{ type: 'Suspended', status: 'True' }] })
    await second.reaches(SandboxPhase.STOPPED, 'named')
    await second.client.unary('startSandbox', { ...named, name: 'named' })
    expect(driver.callsOf('startSandbox').at(-1)?.request.expectedRuntimeIdentity).toBe('acme://two')
    second.client.close()
    await second.gateway.close()
  })
})
