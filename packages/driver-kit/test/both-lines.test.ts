import { timestampDate } from '@bufbuild/protobuf/wkt'
import { status as codes } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { configDriver } from './config-driver.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { rejection, richDetails } from './rejection.js'
import { sandboxMessage, serveInTest, TestWatch } from './serve-in-test.js'

const gateway = {
  protocolVersion: { major: 1, minor: 0 },
  implementationName: 'openshell/gateway',
  implementationVersion: '0.1.2',
  supportedCapabilities: ['openshell.compute.contract'],
  requiredCapabilities: ['openshell.compute.contract'],
}
const withBlock = { sandbox: sandboxMessage('one', { template: { driverConfig: { size: '1Gi' } } }) }

test('conditions and events carry the same time in the fields of both lines', async () => {
  await using served = await serveInTest(configDriver(memoryBackend(), []))
  const watch = await TestWatch.open(served.client)
  await served.client.unary('createSandbox', withBlock)
  await watch.until(() => watch.story('one').includes('True BackendReady'))
  watch.close()
  const times = watch.events.flatMap(({ payload }) => {
    if (payload.case === 'platformEvent') {
      const { timestampMs, eventTime } = payload.value.event ?? {}
      return [[new Date(Number(timestampMs)).toISOString(), eventTime && timestampDate(eventTime).toISOString()]]
    }
    const conditions = payload.case === 'sandbox' ? (payload.value.sandbox?.status?.conditions ?? []) : []
    return conditions.map(({ lastTransitionTime, transitionTime }) => [
      lastTransitionTime,
      transitionTime && timestampDate(transitionTime).toISOString(),
    ])
  })
  expect(times.length).toBeGreaterThanOrEqual(3)
  for (const [text, timestamp] of times) expect(text).toBe(timestamp)
})

test('capabilities are the same with and without an introduction, and say the whole handshake', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const plain = await served.client.unary('getCapabilities', {})
  const introduced = await served.client.unary('getCapabilities', { gateway })
  expect(introduced).toEqual(plain)
  expect(plain).toMatchObject({
    driverName: 'acme',
    driverVersion: '1.4.0',
    supportsSandboxAuthentication: false,
    extension: {
      protocolVersion: { major: 1, minor: 0 },
      implementationName: 'acme/acme',
      implementationVersion: '1.4.0',
      supportedCapabilities: ['openshell.compute.contract'],
    },
    resourceAdmissionPolicy:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the canonical text of the contract.
      'v1:{"allow_driver_config":false,"resource_admission":{"enabled":true,"required_labels":{"openshell.ai/sandbox-attachable":"true","openshell.ai/sandbox-attachable-workspace":"${workspace}"}}}',
  })
})

test('under a gateway of line 0.1 a block is refused until the operator allows it; an empty one passes', async () => {
  await using served = await serveInTest(configDriver(memoryBackend(), []))
  const { client } = served
  await client.unary('getCapabilities', { gateway })
  for (const rpc of ['validateSandboxCreate', 'createSandbox'] as const) {
    const error = await rejection(client.unary(rpc, withBlock))
    expect([rpc, error.code]).toEqual([rpc, codes.FAILED_PRECONDITION])
    expect(error.details).toContain('allow_driver_config = true under [openshell.drivers.acme]')
    expect(error.details).toContain('--admission-config-json')
    expect(richDetails(error)?.errorInfo?.reason).toBe('CONFIG_DISABLED')
  }
  await client.unary('createSandbox', { sandbox: sandboxMessage('two', { template: { driverConfig: {} } }) })
})

test('a stored block is refused again at Start when the gate has been closed since', async () => {
  await using served = await serveInTest(configDriver(memoryBackend(), []))
  const { client } = served
  await client.unary('createSandbox', withBlock)
  await client.unary('stopSandbox', { sandboxId: 'one' })
  await client.unary('getCapabilities', { gateway })
  expect((await rejection(client.unary('startSandbox', { sandboxId: 'one' }))).code).toBe(codes.FAILED_PRECONDITION)
  await client.unary('getCapabilities', {})
  await client.unary('startSandbox', { sandboxId: 'one' })
})

test('the operator opens the gate, and closes it for line 0.0 too by writing it down', async () => {
  await using open = await serveInTest(configDriver(memoryBackend(), []), {
    admissionConfigJson: '{"allow_driver_config":true}',
  })
  await open.client.unary('getCapabilities', { gateway })
  await open.client.unary('createSandbox', withBlock)
  await using closed = await serveInTest(configDriver(memoryBackend(), []), {
    admissionConfigJson: '{"allow_driver_config":false}',
  })
  expect((await rejection(closed.client.unary('createSandbox', withBlock))).code).toBe(codes.FAILED_PRECONDITION)
})

test('create and start answer the same runtime identity', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const { client } = served
  const created = await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  const launch = { launchAuthentication: new Uint8Array([1]), generationId: 'g1' }
  const started = await client.unary('startSandbox', { sandboxId: 'one', ...launch })
  expect([created.runtimeIdentity, started.runtimeIdentity]).toEqual(['acme://one', 'acme://one'])
})
