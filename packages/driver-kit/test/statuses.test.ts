import { status as codes } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import { DriverError, defineDriver } from '../src/index.js'
import { memoryBackend, memoryDriver } from './memory-driver.js'
import { rejection } from './rejection.js'
import { sandboxMessage, serveInTest } from './serve-in-test.js'

test('a request needs an id or a name, and both must belong to one sandbox', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const { client } = served
  await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  for (const rpc of ['getSandbox', 'stopSandbox', 'startSandbox', 'deleteSandbox'] as const) {
    const neither = await rejection(client.unary(rpc, {}))
    expect([rpc, neither.code, neither.details]).toEqual([
      rpc,
      codes.INVALID_ARGUMENT,
      'sandbox_id or sandbox_name is required',
    ])
    const other = await rejection(client.unary(rpc, { sandboxId: 'one', name: 'name-two' }))
    expect([rpc, other.code, other.details]).toEqual([
      rpc,
      codes.FAILED_PRECONDITION,
      'sandbox_id and sandbox_name belong to different sandboxes; send the pair that the driver listed, or the id alone',
    ])
  }
  expect((await client.unary('getSandbox', { sandboxId: 'one' })).sandbox?.name).toBe('name-one')
  expect((await client.unary('getSandbox', { name: 'name-one' })).sandbox?.id).toBe('one')
})

test('a name alone must be unique over the workspaces', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const { client } = served
  await client.unary('createSandbox', { sandbox: sandboxMessage('a', { name: 'same', workspace: 'x' }) })
  await client.unary('createSandbox', { sandbox: sandboxMessage('b', { name: 'same', workspace: 'y' }) })
  expect((await rejection(client.unary('getSandbox', { name: 'same' }))).code).toBe(codes.FAILED_PRECONDITION)
  expect((await client.unary('getSandbox', { sandboxId: 'b', name: 'same' })).sandbox?.workspace).toBe('y')
})

test('an unknown sandbox is NOT_FOUND, except that deleting it says deleted = false', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const { client } = served
  const absent = { sandboxId: 'none', name: 'none' }
  for (const rpc of ['getSandbox', 'stopSandbox', 'startSandbox'] as const) {
    expect([rpc, (await rejection(client.unary(rpc, absent))).code]).toEqual([rpc, codes.NOT_FOUND])
  }
  expect((await client.unary('deleteSandbox', absent)).deleted).toBe(false)
})

test('a taken id or name is ALREADY_EXISTS, in the same workspace only', async () => {
  const backend = memoryBackend()
  await using served = await serveInTest(memoryDriver(backend))
  const { client } = served
  await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  const sameId = await rejection(client.unary('createSandbox', { sandbox: sandboxMessage('one', { name: 'other' }) }))
  const sameName = await rejection(
    client.unary('createSandbox', { sandbox: sandboxMessage('two', { name: 'name-one' }) }),
  )
  await client.unary('createSandbox', { sandbox: sandboxMessage('three', { name: 'name-one', workspace: 'w' }) })
  expect([sameId.code, sameName.code]).toEqual([codes.ALREADY_EXISTS, codes.ALREADY_EXISTS])
  expect(backend.calls).toEqual(['create one', 'create three'])
})

test('of parallel creates of one name exactly one wins', async () => {
  const backend = memoryBackend()
  await using served = await serveInTest(memoryDriver(backend))
  const creates = ['a', 'b', 'c', 'd'].map((id) =>
    served.client.unary('createSandbox', { sandbox: sandboxMessage(id, { name: 'same' }) }),
  )
  const outcomes = await Promise.allSettled(creates)
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(backend.sandboxes.size).toBe(1)
})

test('stopping a stopped and starting a running sandbox does not reach the driver', async () => {
  const backend = memoryBackend()
  await using served = await serveInTest(memoryDriver(backend))
  const { client } = served
  await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  await client.unary('startSandbox', { sandboxId: 'one' })
  await client.unary('stopSandbox', { sandboxId: 'one' })
  await client.unary('stopSandbox', { sandboxId: 'one' })
  expect(backend.calls).toEqual(['create one', 'stop one'])
})

test('a malformed sandbox is refused with the field that is wrong', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const { client } = served
  const message = async (sandbox: Parameters<typeof client.unary<'createSandbox'>>[1]) => {
    const error = await rejection(client.unary('createSandbox', sandbox))
    expect(error.code).toBe(codes.INVALID_ARGUMENT)
    return error.details
  }
  expect(await message({})).toBe('sandbox is required')
  expect(await message({ sandbox: sandboxMessage('') })).toBe('sandbox.id is required')
  expect(await message({ sandbox: sandboxMessage('../up') })).toContain('sandbox.id must be')
  expect(await message({ sandbox: sandboxMessage('one', { name: '' }) })).toBe('sandbox.name is required')
  const platformConfig = { resources_raw: { 'a/b': [1, Number.NaN] } }
  expect(await message({ sandbox: sandboxMessage('one', { template: { platformConfig } }) })).toBe(
    'sandbox.spec.template.platform_config: /resources_raw/a~1b/1 must be a finite number; write a plain JSON value',
  )
})

test('a sandbox without spec and template is served with defaults', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  await served.client.unary('createSandbox', { sandbox: { id: 'bare', name: 'bare' } })
  expect((await served.client.unary('getSandbox', { sandboxId: 'bare' })).sandbox?.workspace).toBe('default')
})

test('what the driver does not claim to enforce is refused with its field', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const refusal = async (fields: Parameters<typeof sandboxMessage>[1]) =>
    (await rejection(served.client.unary('validateSandboxCreate', { sandbox: sandboxMessage('one', fields) }))).details
  expect(await refusal({ spec: { resourceRequirements: { gpu: {} } } })).toBe(
    'driver acme does not support GPUs; remove resource_requirements.gpu',
  )
  expect(await refusal({ spec: { resourceRequirements: { gpu: { count: 2 } } } })).toContain('gpu.count')
  expect(await refusal({ template: { resources: { cpuLimit: '1' } } })).toContain('limits.cpu')
  expect(await refusal({ template: { resources: { memoryLimit: '1Gi' } } })).toContain('limits.memory')
})

test('the remaining RPCs have their fixed answers', async () => {
  await using served = await serveInTest(memoryDriver(memoryBackend()))
  const { client } = served
  expect((await client.unary('getGatewayListenerRequirements', {})).requirements).toEqual([])
  expect((await rejection(client.unary('authenticateSandbox', { credential: 'x' }))).code).toBe(codes.UNIMPLEMENTED)
  await client.unary('ensureWorkspace', { workspace: 'w' })
  await client.unary('deleteWorkspace', { workspace: 'w' })
  expect((await rejection(client.unary('ensureWorkspace', {}))).code).toBe(codes.INVALID_ARGUMENT)
  expect((await rejection(client.unary('deleteWorkspace', {}))).code).toBe(codes.INVALID_ARGUMENT)
})

test("a DriverError's text reaches the caller, any other error's text does not", async () => {
  const driver = defineDriver({
    ...memoryDriver(memoryBackend()),
    async validate(sandbox) {
      if (sandbox.image === 'named') throw new DriverError({ code: 'failed-precondition', message: 'no room for it' })
      throw new Error('password hunter2')
    },
  })
  await using served = await serveInTest(driver)
  const validate = (image: string) =>
    rejection(served.client.unary('validateSandboxCreate', { sandbox: sandboxMessage('one', { template: { image } }) }))
  const named = await validate('named')
  expect([named.code, named.details]).toEqual([codes.FAILED_PRECONDITION, 'no room for it'])
  const unnamed = await validate('other')
  expect([unnamed.code, unnamed.details]).toEqual([
    codes.INTERNAL,
    "The driver failed to validate the sandbox. The reason is in the driver's log.",
  ])
})

test('a failed stop leaves the sandbox running, a failed start leaves it stopped', async () => {
  const backend = memoryBackend()
  let fail = true
  const base = memoryDriver(backend)
  const refuse = () => {
    if (fail) throw new DriverError({ code: 'unavailable', message: 'backend is down' })
  }
  const driver = defineDriver({
    ...base,
    async stop(sandbox, context) {
      refuse()
      await base.stop(sandbox, context)
    },
    async start(sandbox, context) {
      refuse()
      await base.start(sandbox, context)
    },
  })
  await using served = await serveInTest(driver)
  const { client } = served
  const ready = async () => {
    const { sandbox } = await client.unary('getSandbox', { sandboxId: 'one' })
    return sandbox?.status?.conditions.find(({ type }) => type === 'Ready')?.reason
  }
  await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  const stop = await rejection(client.unary('stopSandbox', { sandboxId: 'one' }))
  expect([stop.code, stop.details, await ready()]).toEqual([codes.UNAVAILABLE, 'backend is down', 'BackendReady'])
  fail = false
  await client.unary('stopSandbox', { sandboxId: 'one' })
  fail = true
  await rejection(client.unary('startSandbox', { sandboxId: 'one' }))
  expect(await ready()).toBe('ContainerStopped')
})

test('a failed delete keeps the sandbox, and a second one removes it', async () => {
  const backend = memoryBackend()
  let fail = true
  const base = memoryDriver(backend)
  const driver = defineDriver({
    ...base,
    async delete(sandbox, context) {
      if (fail) throw new DriverError({ code: 'unavailable', message: 'backend is down' })
      await base.delete(sandbox, context)
    },
  })
  await using served = await serveInTest(driver)
  const { client } = served
  await client.unary('createSandbox', { sandbox: sandboxMessage('one') })
  expect((await rejection(client.unary('deleteSandbox', { sandboxId: 'one' }))).code).toBe(codes.UNAVAILABLE)
  const { sandbox } = await client.unary('getSandbox', { sandboxId: 'one' })
  expect(sandbox?.status?.deleting).toBe(false)
  fail = false
  expect((await client.unary('deleteSandbox', { sandboxId: 'one' })).deleted).toBe(true)
  expect((await client.unary('listSandboxes', {})).sandboxes).toEqual([])
})
