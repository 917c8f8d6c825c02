import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { status as codes } from '@grpc/grpc-js'
import { DriverSandboxSchema, type DriverSandboxTemplateSchema } from '@openshell-ts/protocol/compute'
import { expect, test } from 'vitest'
import { configDriver } from './config-driver.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { rejection } from './rejection.js'
import { sandboxMessage, serveInTest } from './serve-in-test.js'

type Block = NonNullable<MessageInitShape<typeof DriverSandboxTemplateSchema>['driverConfig']>

function nested(levels: number): Block {
  let block: Block = {}
  for (let level = 1; level < levels; level++) block = { inner: block }
  return block
}

test.each<[string, Block]>([
  ['nested as deep as gateways pass it on', nested(32)],
  ['with hundreds of unknown keys', Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`key_${at}`, at]))],
  ['with a huge text', { schema_version: 1, size: 'x'.repeat(1_000_000) }],
  ['with an empty key', { '': 1 }],
  ['with a null for a value', { schema_version: 1, size: null }],
  ['with a list for its version', { schema_version: [1] }],
])('a block %s is refused in Validate with a text, and the driver goes on', async (_, driverConfig) => {
  await using served = await serveInTest(configDriver(memoryBackend(), []))
  const sandbox = sandboxMessage('one', { template: { driverConfig } })
  const error = await rejection(served.client.unary('validateSandboxCreate', { sandbox }))
  expect(error.code).toBe(codes.INVALID_ARGUMENT)
  expect(error.details).toContain('driver_config')
  expect(error.details.length).toBeLessThan(7_700)
  expect(error.details).not.toContain('xxxxxxxx')
  await served.client.unary('validateSandboxCreate', { sandbox: sandboxMessage('one') })
})

test('a message nested deeper than any gateway sends it is refused while it is decoded, and the driver goes on', async () => {
  await using served = await serveInTest(configDriver(memoryBackend(), []))
  const deep = sandboxMessage('one', { template: { driverConfig: nested(60) } })
  const error = await rejection(served.client.unary('validateSandboxCreate', { sandbox: deep }))
  expect([error.code, error.details]).toEqual([codes.INTERNAL, 'Error deserializing request'])
  await served.client.unary('validateSandboxCreate', { sandbox: sandboxMessage('one') })
})

test('an empty template is one of defaults', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const sandbox = create(DriverSandboxSchema, { id: 'one', name: 'one', spec: { template: {} } })
  await served.client.unary('validateSandboxCreate', { sandbox })
  await served.client.unary('createSandbox', { sandbox })
  expect((await served.client.unary('getSandbox', { sandboxId: 'one' })).sandbox?.workspace).toBe('default')
})
