import type { JsonObject } from '@bufbuild/protobuf'
import { status as codes } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { configDriver } from './config-driver.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { rejection, richDetails } from './rejection.js'
import { type ComputeClient, sandboxMessage, serveInTest, TestWatch } from './serve-in-test.js'

const validate = (client: ComputeClient, driverConfig: JsonObject) =>
  client.unary('validateSandboxCreate', { sandbox: sandboxMessage('one', { template: { driverConfig } }) })
const createOne = (client: ComputeClient, driverConfig?: JsonObject) =>
  client.unary('createSandbox', {
    sandbox: sandboxMessage('one', { template: driverConfig === undefined ? {} : { driverConfig } }),
  })

test('a handler gets the current version, migrated, complete and frozen', async () => {
  const seen: unknown[] = []
  await using served = await serveInTest(configDriver(memoryBackend(), seen))
  await createOne(served.client, { schema_version: 1, size: '10Gi' })
  expect(seen).toEqual([{ size_bytes: 10_737_418_240, mode: 'safe', labels: [] }])
  expect(Object.isFrozen(seen[0])).toBe(true)
})

test('absent and empty blocks are the same, and give the defaults of the baseline', async () => {
  const seen: unknown[] = []
  await using served = await serveInTest(configDriver(memoryBackend(), seen))
  await validate(served.client, {})
  await createOne(served.client)
  await served.client.unary('createSandbox', { sandbox: sandboxMessage('two', { template: { driverConfig: {} } }) })
  expect(seen[1]).toEqual(seen[0])
  expect(seen[0]).toEqual({ size_bytes: 1_073_741_824, mode: 'safe', labels: [] })
})

test('Validate answers every problem at once, in the text and in the details', async () => {
  await using served = await serveInTest(configDriver(memoryBackend(), []))
  const error = await rejection(
    validate(served.client, {
      schema_version: 2,
      size_bites: 5,
      mode: 7,
      labels: [{ name: 'ok' }, { nam: 'secret-value' }],
    }),
  )
  const details = richDetails(error)
  expect(error.code).toBe(codes.INVALID_ARGUMENT)
  const fields = ['driver_config.mode', 'driver_config.labels[1].nam', 'driver_config.size_bites']
  for (const field of fields) expect(error.details).toContain(field)
  expect(error.details).toContain('did you mean "size_bytes"?')
  expect(error.details).not.toContain('secret-value')
  expect([details?.code, details?.message]).toEqual([error.code, error.details])
  const violations = details?.badRequest?.fieldViolations ?? []
  expect(violations.map(({ field }) => field)).toEqual(expect.arrayContaining(fields))
  expect(violations.every(({ description, reason }) => description !== '' && /^[A-Z_]+$/.test(reason))).toBe(true)
  expect(error.details.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(violations.length)
  expect(details?.errorInfo).toMatchObject({
    reason: 'DRIVER_CONFIG_INVALID',
    domain: 'acme.example',
    metadata: {
      driver: 'acme',
      driver_version: '1.4.0',
      requested: '2',
      min: '1',
      max: '2',
      total: String(violations.length),
    },
  })
})

test('one kind of problem is the reason of the whole report', async () => {
  await using served = await serveInTest(configDriver(memoryBackend(), []))
  const error = await rejection(validate(served.client, { schema_version: 3 }))
  expect(error.details).toContain('Upgrade the driver')
  expect(richDetails(error)?.errorInfo?.reason).toBe('SCHEMA_VERSION_TOO_NEW')
})

test('Create checks again and answers FAILED_PRECONDITION, the one code whose text survives', async () => {
  const backend = memoryBackend()
  await using served = await serveInTest(configDriver(backend, []))
  const error = await rejection(createOne(served.client, { size: 5 }))
  expect(error.code).toBe(codes.FAILED_PRECONDITION)
  expect(error.details).toContain('driver_config.size')
  expect(backend.calls).toEqual([])
})

test('hundreds of problems stay within what gateways and clients take', async () => {
  await using served = await serveInTest(configDriver(memoryBackend(), []))
  const labels = Array.from({ length: 400 }, (_, index) => ({ [`unknown_${index}_${'é'.repeat(20)}`]: 1 }))
  const error = await rejection(validate(served.client, { schema_version: 2, labels }))
  const bytes = error.metadata.get('grpc-status-details-bin')[0]?.length ?? 0
  expect(encodeURI(error.details).length + Math.ceil(bytes / 3) * 4).toBeLessThanOrEqual(7_700)
  expect(error.details).toMatch(/\+\d+ more/)
  expect(richDetails(error)?.message).toBe(error.details)
})

test('a driver without a config refuses every block that is not empty', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  await validate(served.client, {})
  for (const block of [{ a: 1 }, { schema_version: 1 }]) {
    const error = await rejection(validate(served.client, block))
    expect(error.code).toBe(codes.INVALID_ARGUMENT)
    expect(error.details).toContain('driver acme takes no driver_config; remove the block.')
    expect(richDetails(error)?.errorInfo?.reason).toBe('CONFIG_NOT_SUPPORTED')
  }
})

test('a warning about the block reaches clients as an event, once', async () => {
  await using served = await serveInTest(configDriver(memoryBackend(), []))
  const watch = await TestWatch.open(served.client)
  await createOne(served.client, { schema_version: 1, size: '1Gi' })
  await watch.until(() => watch.story('one').includes('True BackendReady'))
  watch.close()
  expect(watch.story('one').filter((step) => step.startsWith('event'))).toEqual(['event DriverConfigDeprecated'])
  const [event] = watch.events.flatMap(({ payload }) => (payload.case === 'platformEvent' ? [payload.value.event] : []))
  expect(event).toMatchObject({ type: 'Warning', source: 'acme', metadata: { code: 'VERSION_DEPRECATED' } })
})

test('keys that only look like properties of objects are refused, not lost', async () => {
  await using served = await serveInTest(configDriver(memoryBackend(), []))
  const block = JSON.parse('{"schema_version":2,"__proto__":{"x":1}}') as JsonObject
  expect((await rejection(validate(served.client, block))).code).toBe(codes.INVALID_ARGUMENT)
})
