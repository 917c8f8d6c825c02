import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import { NetworkTlsMode, SandboxPhase } from '@openshell-ts/protocol/v0-1'
import { expect, test } from 'vitest'
import { defaultAcknowledgement, LaterSetup, laterCapabilities, scope } from './later-setup.js'
import { ScriptedDriver } from './scripted-driver.js'
import { failure } from './test-client.js'

const extension = laterCapabilities().extension as object
const stoppedStatus = {
  conditions: [
    { type: 'Suspended', status: 'True' },
    { type: 'Ready', status: 'False', reason: 'ContainerStopped' },
  ],
}

test.each([
  ['no metadata', { extension: undefined }, "compute extension 'acme' did not provide protocol metadata"],
  ['no version', { extension: { ...extension, protocolVersion: undefined } }, 'did not provide a protocol version'],
  [
    'another major version',
    { extension: { ...extension, protocolVersion: { major: 2, minor: 1 } } },
    "compute extension 'acme' uses unsupported protocol 2.1; gateway supports 1.0",
  ],
  [
    'a blank name',
    { extension: { ...extension, implementationName: ' ' } },
    "compute extension 'acme' has invalid implementation_name: ",
  ],
  [
    'a malformed capability',
    { extension: { ...extension, supportedCapabilities: ['openshell.compute.contract', 'x'] } },
    "compute extension 'acme' has invalid supported_capabilities: ",
  ],
  [
    'a capability that it lacks',
    { extension: { ...extension, supportedCapabilities: [] } },
    "compute extension 'acme' is missing required capabilities: openshell.compute.contract",
  ],
  [
    'a capability that the gateway lacks',
    { extension: { ...extension, requiredCapabilities: ['openshell.acme.more'] } },
    "gateway is missing capabilities required by compute extension 'acme': openshell.acme.more",
  ],
  ['no acknowledgement', { resourceAdmissionPolicy: '' }, 'compute driver does not acknowledge resource admission v1'],
  [
    'an acknowledgement that is no JSON',
    { resourceAdmissionPolicy: 'v1:{' },
    'invalid driver admission acknowledgement',
  ],
  ['an unknown key in it', { resourceAdmissionPolicy: 'v1:{"more":true}' }, 'invalid driver admission acknowledgement'],
  [
    'another policy',
    { resourceAdmissionPolicy: 'v1:{"allow_driver_config":true}' },
    'compute driver admission policy differs from gateway configuration',
  ],
])('driver-contract 17.1, 17.2: a driver with %s stops the start', async (_name, capabilities, text) => {
  await expect(LaterSetup.start({ capabilities })).rejects.toThrow(text)
})

test('driver-contract 1.1, 1.4, 17.1, 17.2: a gateway says what it speaks, compares policies by value, and asks for no listeners', async () => {
  await using setup = await LaterSetup.start({
    capabilities: { resourceAdmissionPolicy: 'v1:{ "resource_admission": {} }' },
  })
  expect(setup.driver.callsOf('getCapabilities')[0]?.request.gateway).toMatchObject({
    protocolVersion: { major: 1, minor: 0 },
    implementationName: 'openshell/gateway',
    implementationVersion: '0.1.5',
    supportedCapabilities: ['openshell.compute.contract', 'openshell.compute.launch-authentication'],
  })
  expect(setup.driver.callsOf('getGatewayListenerRequirements')).toEqual([])
})

test('driver-contract 17.2: a gateway without label admission takes a driver that acknowledges nothing', async () => {
  await using setup = await LaterSetup.start({
    admission: { requireLabels: false },
    capabilities: { resourceAdmissionPolicy: '' },
  })
  await setup.create()
})

test('driver-contract 8, 17.2: a driver whose policy has changed gets no new sandboxes', async () => {
  await using setup = await LaterSetup.start()
  await setup.create()
  expect(setup.driver.callsOf('getCapabilities')).toHaveLength(3)
  const changed = { ...laterCapabilities(), resourceAdmissionPolicy: `${defaultAcknowledgement} ` }
  setup.driver.replies.getCapabilities = () => changed
  expect(await failure(setup.create({ name: 'other' }))).toMatchObject({
    code: status.FAILED_PRECONDITION,
    details: 'remote driver admission policy changed; restart gateway after configuring matching policy',
  })
  expect(setup.driver.callsOf('validateSandboxCreate')).toHaveLength(1)
})

const withBlock = (block: JsonObject) => ({ spec: { template: { driverConfig: block } } })

test('driver-contract 17.3, 5: blocks with fields are refused until the operator allows them', async () => {
  await using setup = await LaterSetup.start()
  expect(await failure(setup.create(withBlock({ acme: { size: 1 } })))).toMatchObject({
    code: status.FAILED_PRECONDITION,
    details: 'caller driver config is disabled; a gateway administrator must enable allow_driver_config',
  })
  expect((await failure(setup.create(withBlock({ acme: 1 })))).details).toBe(
    'template.driver_config.acme must be an object',
  )
  expect(setup.driver.callsOf('validateSandboxCreate')).toEqual([])
  await setup.create({ name: 'empty', ...withBlock({ acme: {}, other: { size: 1 } }) })
  await setup.create({ name: 'mistyped', ...withBlock({ Acme: { size: 1 } }) })
  const blocks = setup.driver
    .callsOf('createSandbox')
    .map(({ request }) => request.sandbox?.spec?.template?.driverConfig)
  expect(blocks).toEqual([{}, undefined])
})

test('driver-contract 17.3, 5: blocks reach the driver where the operator allows them', async () => {
  await using setup = await LaterSetup.start({
    admission: { allowDriverConfig: true },
    capabilities: { resourceAdmissionPolicy: 'v1:{"allow_driver_config":true}' },
  })
  const sandbox = await setup.create(withBlock({ acme: { size: 1 }, other: 2 }))
  const { request } = await setup.driver.received('createSandbox')
  expect(request.sandbox?.spec?.template?.driverConfig).toEqual({ size: 1 })
  expect(sandbox.spec?.template?.driverConfig).toEqual({ acme: { size: 1 }, other: 2 })
})

test('driver-contract 7: a driver is told of the policy, of who runs the workload and of user namespaces', async () => {
  await using setup = await LaterSetup.start()
  const endpoints = [{ host: 'example.org', port: 443, tls: NetworkTlsMode.TERMINATE }]
  const policy = { process: { runAsUser: 'sandbox', runAsGroup: 'staff' }, networkPolicies: { web: { endpoints } } }
  const sandbox = await setup.create({
    awaitMainProcessAttachment: true,
    spec: { policy, template: { userNamespaces: true } },
  } as never)
  const { request } = await setup.driver.received('createSandbox')
  expect(request.sandbox?.spec).toMatchObject({
    awaitMainProcessAttachment: true,
    workloadIdentity: { user: 'sandbox', group: 'staff' },
    policy,
    template: { userNamespaces: true },
  })
  expect(request.sandbox?.spec?.template?.platformConfig).toBeUndefined()
  expect(sandbox.spec?.policy).toMatchObject(policy)
})

test('driver-contract 10, 17.5: a driver that authenticates sandboxes must name what it created and started', async () => {
  const capabilities = { supportsSandboxAuthentication: true }
  await using setup = await LaterSetup.start({ capabilities })
  expect(await failure(setup.create())).toMatchObject({
    code: status.INTERNAL,
    details: 'compute driver did not return a runtime identity',
  })
  expect(setup.driver.callsOf('deleteSandbox')).toHaveLength(1)
  expect(await failure(setup.get())).toMatchObject({ code: status.NOT_FOUND })
  setup.driver.records.clear()
  setup.driver.replies.createSandbox = ({ request: { sandbox } }) => {
    if (sandbox) setup.driver.records.set(sandbox.id, { id: sandbox.id, name: sandbox.name, status: stoppedStatus })
    return { runtimeIdentity: 'acme://one' }
  }
  const sandbox = await setup.create()
  setup.driver.emitStatus(sandbox.metadata?.id ?? '', 'box', stoppedStatus)
  await setup.reaches(SandboxPhase.STOPPED)
  const refused = await failure(setup.client.unary('startSandbox', { name: 'box', workspaceScope: scope }))
  expect(refused.details).toBe('compute driver did not return a runtime identity')
  expect(setup.driver.callsOf('startSandbox')[0]?.request).toMatchObject({
    expectedRuntimeIdentity: 'acme://one',
    generationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
  expect(setup.driver.callsOf('stopSandbox')).toHaveLength(1)
  expect((await setup.get()).status?.phase).toBe(SandboxPhase.STOPPED)
})

test('driver-contract 1.2: times of conditions and events are read from the fields of this line', async () => {
  await using setup = await LaterSetup.start()
  const { metadata } = await setup.create()
  const { id = '', name = '' } = metadata ?? {}
  await setup.driver.watched()
  const transitionTime = { seconds: 1_800_000_000n, nanos: 5 }
  const ready = { type: 'Ready', status: 'False', reason: 'Starting', lastTransitionTime: 'soon', transitionTime }
  setup.driver.emitStatus(id, name, { conditions: [ready] })
  const request = { sandbox: name, workspaceScope: scope, followEvents: true, followStatus: true }
  const stream = setup.client.serverStream('watchSandbox', request)
  setup.driver.emit({
    case: 'platformEvent',
    value: { sandboxId: id, event: { timestampMs: 1n, eventTime: { seconds: 7n, nanos: 0 }, type: 'Pulled' } },
  })
  const seen: unknown[] = []
  for await (const { payload } of stream) {
    if (payload.case === 'sandbox') seen.push(...(payload.value.status?.conditions ?? []))
    if (payload.case !== 'event') continue
    expect(payload.value.eventTime).toMatchObject({ seconds: 7n })
    break
  }
  expect(seen.length === 0 ? (await setup.get()).status?.conditions : seen).toContainEqual(
    expect.objectContaining({ transitionTime: expect.objectContaining(transitionTime) }),
  )
})

test('driver-contract 12, 17.7: a driver that reports readiness needs no supervisor for a Ready sandbox', async () => {
  await using setup = await LaterSetup.start({ capabilities: { driverReportsRuntimeReadiness: true } })
  const { metadata } = await setup.create()
  await setup.driver.watched()
  setup.driver.emitStatus(metadata?.id ?? '', 'box', { conditions: [{ type: 'Ready', status: 'True' }] })
  expect((await setup.reaches(SandboxPhase.READY)).status?.conditions[0]?.status).toBe('True')
})

test('driver-contract 10, 13.1: the driver is asked to delete what is left of a sandbox that it says is gone', async () => {
  await using setup = await LaterSetup.start()
  const { metadata } = await setup.create()
  await setup.driver.watched()
  setup.driver.emit({ case: 'deleted', value: { sandboxId: metadata?.id ?? '' } })
  expect((await setup.driver.received('deleteSandbox')).request).toMatchObject({ sandboxId: metadata?.id, name: 'box' })
})

test('driver-contract 4: compute that ended with the container runtime is started again with the gateway', async () => {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'gw-later-'))
  await using driver = await ScriptedDriver.start()
  const capabilities = { gatewayManagesLifecycle: true }
  const failed = { conditions: [{ type: 'Ready', status: 'False', reason: 'ContainerRuntimeRestart' }] }
  const first = await LaterSetup.start({ driver, stateDirectory, capabilities })
  const { metadata } = await first.create()
  await driver.watched()
  driver.emitStatus(metadata?.id ?? '', 'box', failed)
  await first.reaches(SandboxPhase.ERROR)
  first.client.close()
  await first.gateway.close()
  const second = await LaterSetup.start({ driver, stateDirectory, capabilities })
  expect(driver.callsOf('startSandbox')).toHaveLength(1)
  second.client.close()
  await second.gateway.close()
  await rm(stateDirectory, { recursive: true })
})
