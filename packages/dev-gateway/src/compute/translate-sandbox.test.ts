import { create, fromBinary, fromJson, toBinary, toJson } from '@bufbuild/protobuf'
import { StructSchema } from '@bufbuild/protobuf/wkt'
import { DriverSandboxSchema } from '@openshell-ts/protocol/compute'
import { SandboxSpecSchema } from '@openshell-ts/protocol/v0-0'
import { expect, test } from 'vitest'
import { splitResources } from './translate-resources.js'
import { toDriverSandbox } from './translate-sandbox.js'

const base = {
  line: '0.0' as const,
  awaitAttachment: false,
  launchAuthentication: new Uint8Array(),
  id: 'i',
  name: 'n',
  workspace: 'w',
  block: undefined,
  sandboxToken: '',
}

function template(input: object, block?: object) {
  const spec = create(SandboxSpecSchema, { template: input })
  const sandbox = toDriverSandbox({ ...base, spec, block: block && fromJson(StructSchema, block as never) })
  const received = fromBinary(DriverSandboxSchema, toBinary(DriverSandboxSchema, sandbox))
  return toJson(DriverSandboxSchema, received, { useProtoFieldName: true }) as { spec: { template: object } }
}

test('the block arrives without its key, and only the block', () => {
  expect(template({ driverConfig: { acme: { a: 1 }, other: {} } }, { a: 1 }).spec.template).toEqual({
    driver_config: { a: 1 },
  })
})

test('an empty block is present, an absent one is not', () => {
  expect(template({}, {}).spec.template).toEqual({ driver_config: {} })
  expect(template({}).spec.template).toEqual({})
})

test('what the contract has no field for goes into platform_config', () => {
  const { spec } = template({
    runtimeClassName: 'kata',
    annotations: { x: 'y' },
    userNamespaces: true,
    resources: { extra: { q: 1 } },
  })
  expect(spec.template).toEqual({
    platform_config: {
      annotations: { x: 'y' },
      host_users: false,
      resources_raw: { extra: { q: 1 } },
      runtime_class_name: 'kata',
    },
  })
})

test('the status is present and empty, and the policy stays with the gateway', () => {
  const spec = create(SandboxSpecSchema, { policy: { version: 1 }, providers: ['p'] })
  const sandbox = toDriverSandbox({ ...base, spec })
  expect(sandbox.status).toBeDefined()
  expect(sandbox.spec?.policy).toBeUndefined()
})

test('a GPU request without a count stays without one', () => {
  const spec = create(SandboxSpecSchema, { resourceRequirements: { gpu: {} } })
  const { resourceRequirements } = toDriverSandbox({ ...base, spec }).spec ?? {}
  expect(resourceRequirements?.gpu).toBeDefined()
  expect(resourceRequirements?.gpu?.count).toBeUndefined()
})

test('resources are split into typed quantities and the rest', () => {
  const split = splitResources({
    limits: { cpu: '2', memory: '4Gi', 'nvidia.com/gpu': '1' },
    requests: { cpu: '500m', memory: 3 },
    claims: [{ name: 'c' }],
  })
  expect(split).toEqual({
    typed: { cpuLimit: '2', memoryLimit: '4Gi', cpuRequest: '500m', memoryRequest: '' },
    raw: { limits: { 'nvidia.com/gpu': '1' }, requests: { memory: 3 }, claims: [{ name: 'c' }] },
  })
})

test('empty quantities and empty sections vanish', () => {
  expect(splitResources({ limits: { cpu: '', memory: '' }, requests: {} })).toEqual({
    typed: undefined,
    raw: undefined,
  })
})

test('a section that is no object is passed on', () => {
  expect(splitResources({ requests: 'odd' })).toEqual({ typed: undefined, raw: { requests: 'odd' } })
})
