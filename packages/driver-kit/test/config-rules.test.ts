import { status as codes } from '@grpc/grpc-js'
import Type from 'typebox'
import { expect, test } from 'vitest'
import { defineDriver, defineDriverConfig, gate, type ResourceState, rule } from '../src/index.js'
import { memoryBackend, memoryHandlers } from './memory-driver.js'
import { rejection, richDetails } from './rejection.js'
import { sandboxMessage, serveInTest } from './serve-in-test.js'

const schema = Type.Object({
  device: Type.Optional(Type.String()),
  volume: Type.Optional(Type.String()),
  host_path: Type.Optional(Type.String()),
})
type Shape = { readonly device?: string; readonly host_path?: string }

const deviceNeedsGpu = rule<Shape>('device-needs-gpu', { reads: ['device'], revision: 1 }, (input) => {
  if (input.value.device === undefined || input.request.gpu !== undefined) return
  input.fail('device', 'CONFLICTS_WITH_REQUEST', { problem: 'needs a GPU request', fix: 'Request a GPU.' })
})
const hostPaths = gate<Shape>('host-paths', (input) => {
  if (input.value.host_path === undefined || input.policy.settings?.['hostPaths'] === 'on') return
  input.refuse('host_path', { problem: 'host paths are off', fix: 'Start the driver with --host-paths on.' })
})

function driverWith(lookUp: () => Promise<ResourceState>) {
  const config = defineDriverConfig('acme', { domain: 'acme.example' })
    .version(1, schema, {
      examples: {
        minimal: {},
        full: { volume: 'v' },
        invalid: [{ value: { volume: 5 }, code: 'TYPE_MISMATCH', path: 'driver_config.volume' }],
      },
    })
    .build({
      rules: [deviceNeedsGpu],
      gates: [hostPaths],
      resources: [{ what: 'volume', path: 'volume', lookUp }],
    })
  return defineDriver({
    ...memoryHandlers(memoryBackend()),
    name: 'acme',
    version: '1.0.0',
    config,
    capabilities: { resources: { gpu: true } },
    settings: {
      hostPaths: { flag: 'host-paths', environment: 'HOST_PATHS', description: 'on or off', default: 'off' },
    },
  })
}

test('rules see the request beside the block', async () => {
  await using served = await serveInTest(driverWith(async () => 'found'))
  const template = { driverConfig: { device: 'd' } }
  const error = await rejection(
    served.client.unary('validateSandboxCreate', { sandbox: sandboxMessage('one', { template }) }),
  )
  expect([error.code, richDetails(error)?.errorInfo?.reason]).toEqual([
    codes.INVALID_ARGUMENT,
    'CONFLICTS_WITH_REQUEST',
  ])
  const spec = { resourceRequirements: { gpu: {} } }
  await served.client.unary('validateSandboxCreate', { sandbox: sandboxMessage('one', { template, spec }) })
})

test("gates see the driver's settings, and their refusal is a failed precondition", async () => {
  const template = { driverConfig: { host_path: '/data' } }
  await using closed = await serveInTest(driverWith(async () => 'found'))
  const error = await rejection(
    closed.client.unary('validateSandboxCreate', { sandbox: sandboxMessage('one', { template }) }),
  )
  expect(error.code).toBe(codes.FAILED_PRECONDITION)
  expect(error.details).toContain('Start the driver with --host-paths on.')
  await using open = await serveInTest(
    driverWith(async () => 'found'),
    { settings: { hostPaths: 'on' } },
  )
  await open.client.unary('createSandbox', { sandbox: sandboxMessage('one', { template }) })
})

test('what a block names is looked up in Validate and again in Create', async () => {
  const answers: ResourceState[] = ['not-found', 'found', 'not-found', 'found']
  await using served = await serveInTest(driverWith(async () => answers.shift() ?? 'found'))
  const sandbox = sandboxMessage('one', { template: { driverConfig: { volume: 'v' } } })
  const missing = await rejection(served.client.unary('validateSandboxCreate', { sandbox }))
  expect([missing.code, richDetails(missing)?.errorInfo?.reason]).toEqual([
    codes.FAILED_PRECONDITION,
    'RESOURCE_NOT_FOUND',
  ])
  await served.client.unary('validateSandboxCreate', { sandbox })
  expect((await rejection(served.client.unary('createSandbox', { sandbox }))).code).toBe(codes.FAILED_PRECONDITION)
  await served.client.unary('createSandbox', { sandbox })
})

test('a lookup that fails is UNAVAILABLE, never "not found"', async () => {
  await using served = await serveInTest(driverWith(() => Promise.reject(new Error('backend is down'))))
  const sandbox = sandboxMessage('one', { template: { driverConfig: { volume: 'v' } } })
  const error = await rejection(served.client.unary('validateSandboxCreate', { sandbox }))
  expect(error.code).toBe(codes.UNAVAILABLE)
  expect(error.details).not.toContain('backend is down')
})
