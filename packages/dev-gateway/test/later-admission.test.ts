import { status } from '@grpc/grpc-js'
import { ConfigurationAdmissionState, SandboxPhase } from '@openshell-ts/protocol/v0-1'
import { describe, expect, test } from 'vitest'
import { createSimulatedDriver } from '../src/index.js'
import { LaterSetup, scope } from './later-setup.js'
import { failure } from './test-client.js'

const { ACCEPTED, PENDING, REJECTED } = ConfigurationAdmissionState
const policyOf = (host: string) => ({ networkPolicies: { web: { endpoints: [{ host, port: 443 }] } } })
const readConfig = (setup: LaterSetup) => setup.client.unary('getSandboxConfig', { name: 'box', workspaceScope: scope })

/** The sandbox's phase, and reason and status of a condition. */
async function shown(setup: LaterSetup, type = 'ConfigurationReady') {
  const { status: found } = await setup.get()
  const condition = found?.conditions.find((one) => one.type === type)
  return [found?.phase, condition?.status, condition?.reason]
}

describe('driver-contract 12: a sandbox whose configuration is not accepted', () => {
  test('stays Provisioning with a session, whatever its driver says, until it is', async () => {
    await using setup = await LaterSetup.start()
    const sandbox = await setup.create()
    const id = sandbox.metadata?.id ?? ''
    await setup.driver.watched()
    await using _ = await setup.supervise(sandbox, { accepts: false })
    expect(await shown(setup)).toEqual([SandboxPhase.PROVISIONING, 'False', 'ConfigurationPending'])
    setup.driver.emitStatus(id, 'box', { conditions: [{ type: 'Ready', status: 'True' }, { type: 'More' }] })
    await setup.shows(({ status: found }) => found?.conditions.some(({ type }) => type === 'More') ?? false)
    expect(await shown(setup)).toEqual([SandboxPhase.PROVISIONING, 'False', 'ConfigurationPending'])
    expect(await shown(setup, 'Ready')).toEqual([SandboxPhase.PROVISIONING, 'False', 'DependenciesNotReady'])
    await setup.reportConfiguration(sandbox)
    expect(await shown(setup)).toEqual([SandboxPhase.READY, 'True', 'ConfigurationAccepted'])
    expect((await setup.get()).status?.conditions.map(({ type }) => type)).toEqual([
      'Ready',
      'More',
      'ConfigurationReady',
    ])
  })

  test.each([
    ['that waits', { state: PENDING }, 'ConfigurationPending', ''],
    ['of an earlier policy', { policyHash: 'old' }, 'ConfigurationPending', ''],
    ['of earlier settings', { configRevision: 7n }, 'ConfigurationPending', ''],
    ['of earlier providers', { providerEnvRevision: 7n }, 'ConfigurationPending', ''],
    ['that refuses', { state: REJECTED, error: 'bad rule' }, 'ConfigurationInvalid', 'bad rule'],
  ])('is not made Ready by a word %s', async (_name, changed, reason, error) => {
    await using setup = await LaterSetup.start()
    const sandbox = await setup.create()
    await using _ = await setup.supervise(sandbox, { accepts: false })
    await setup.reportConfiguration(sandbox, changed)
    expect(await shown(setup)).toEqual([SandboxPhase.PROVISIONING, 'False', reason])
    const { status: found } = await setup.get()
    expect(found).toMatchObject({ configurationActivated: false, configurationAdmission: { ...changed, error } })
    expect(await readConfig(setup)).toMatchObject({ configurationAdmitted: false, configurationError: error })
  })

  test('is Ready at once when its supervisor has accepted before it connects, and when that one comes back', async () => {
    await using setup = await LaterSetup.start()
    const sandbox = await setup.create()
    await setup.reportConfiguration(sandbox)
    const first = await setup.supervise(sandbox, { accepts: false })
    expect(await shown(setup)).toEqual([SandboxPhase.READY, 'True', 'ConfigurationAccepted'])
    await first.disconnectAndWait()
    expect(await shown(setup, 'Ready')).toEqual([SandboxPhase.PROVISIONING, 'False', 'DependenciesNotReady'])
    await using again = await setup.supervise(sandbox, { accepts: false })
    expect((await setup.get()).status?.phase).toBe(SandboxPhase.READY)
    await again.disconnectAndWait()
    await using _ = await setup.supervise(sandbox, { accepts: false, instanceId: 'instance-2' })
    expect(await shown(setup)).toEqual([SandboxPhase.PROVISIONING, 'False', 'ConfigurationPending'])
    await first[Symbol.asyncDispose]()
  })
})

describe('supervisor 12: ReportSandboxConfiguration', () => {
  test('shows what was said, and a change of the configuration until it is accepted too', async () => {
    await using setup = await LaterSetup.start()
    const sandbox = await setup.create()
    await using _ = await setup.supervise(sandbox)
    const config = await readConfig(setup)
    expect(config).toMatchObject({ configurationAdmitted: true, configurationInstanceId: 'instance-1' })
    expect((await setup.get()).status).toMatchObject({
      configurationActivated: true,
      configurationAdmission: { state: ACCEPTED, instanceId: 'instance-1', configRevision: config.configRevision },
      mainProcessStartedTime: { seconds: expect.any(BigInt) },
    })
    await setup.client.unary('updateConfig', { sandbox: 'box', workspaceScope: scope, policy: policyOf('a.test') })
    expect(await shown(setup)).toEqual([SandboxPhase.READY, 'False', 'ConfigurationPending'])
    await setup.reportConfiguration(sandbox, { state: REJECTED, error: 'bad rule' })
    expect(await shown(setup)).toEqual([SandboxPhase.READY, 'False', 'ConfigurationInvalid'])
    await setup.reportConfiguration(sandbox)
    expect(await shown(setup)).toEqual([SandboxPhase.READY, 'True', 'ConfigurationAccepted'])
  })

  test('is refused when it says nothing, or when another instance has spoken', async () => {
    await using setup = await LaterSetup.start()
    const sandbox = await setup.create()
    const sandboxId = sandbox.metadata?.id ?? ''
    const report = (request: object) =>
      setup.client.unary('reportSandboxConfiguration', request, setup.asSupervisor(sandbox))
    for (const [request, code, details] of [
      [{}, status.INVALID_ARGUMENT, 'sandbox_id is required'],
      [{ sandboxId }, status.INVALID_ARGUMENT, 'admission is required'],
      [{ sandboxId, admission: {} }, status.INVALID_ARGUMENT, 'admission.state must be PENDING, ACCEPTED or REJECTED'],
      [
        { sandboxId: 'other', admission: {} },
        status.PERMISSION_DENIED,
        'cross-sandbox access denied: principal does not own this sandbox',
      ],
    ] as const) {
      expect(await failure(report(request))).toMatchObject({ code, details })
    }
    await setup.reportConfiguration(sandbox, { instanceId: 'instance-2' })
    const late = failure(setup.reportConfiguration(sandbox, {}, 'instance-1'))
    expect((await late).code).toBe(status.FAILED_PRECONDITION)
    await setup.reportConfiguration(sandbox, {}, 'instance-2')
    expect((await readConfig(setup)).configurationInstanceId).toBe('instance-1')
  })
})

test('driver-contract 12: a simulated sandbox accepts its configurations, later ones too', async () => {
  await using setup = await LaterSetup.start({ drivers: [createSimulatedDriver()] })
  await setup.create({ spec: { policy: policyOf('a.test') } } as never)
  await setup.reaches(SandboxPhase.READY)
  await setup.client.unary('updateConfig', { sandbox: 'box', workspaceScope: scope, policy: policyOf('b.test') })
  expect(await shown(setup)).toEqual([SandboxPhase.READY, 'True', 'ConfigurationAccepted'])
})
