import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import {
  type DriverConfig,
  defineDriverConfig,
  gate,
  lengthEquals,
  onlyWith,
  opaque,
  type ParseContext,
  readOnlyDominates,
  refers,
  rule,
  unique,
  withDefault,
} from '../src/index.js'
import { emptyExamples, showing } from './version-examples.js'

const optional = Type.Optional
const target = Type.String({ format: 'mount-target' })
const withoutSlash = (path: string): string => path.replace(/\/$/, '')

const docker = defineDriverConfig('docker')
  .version(
    1,
    Type.Object({
      cdi_devices: optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, uniqueItems: true })),
      mounts: withDefault(
        Type.Array(
          Type.Union([
            Type.Object({
              type: Type.Literal('bind'),
              source: Type.String({ format: 'host-path' }),
              target,
              read_only: withDefault(Type.Boolean(), true),
              selinux_label: optional(Type.Union([Type.Literal('shared'), Type.Literal('private')])),
            }),
            Type.Object({
              type: Type.Literal('volume'),
              source: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$', maxLength: 255 }),
              target,
              read_only: withDefault(Type.Boolean(), true),
              subpath: optional(Type.String({ format: 'subpath' })),
            }),
            Type.Object({
              type: Type.Literal('tmpfs'),
              target,
              options: withDefault(Type.Array(Type.String({ pattern: '^[a-z]+$', maxLength: 32 })), []),
              size_bytes: optional(Type.Integer({ minimum: 1 })),
              mode: optional(Type.Integer({ minimum: 0, maximum: 0o7777 })),
            }),
          ]),
        ),
        [],
      ),
    }),
    {
      examples: {
        minimal: {},
        full: {
          cdi_devices: ['nvidia.com/gpu=0'],
          mounts: [
            { type: 'volume', source: 'work', target: '/sandbox/work', read_only: false, subpath: 'a' },
            { type: 'tmpfs', target: '/scratch', options: ['noexec'], size_bytes: 1_024, mode: 0o1777 },
          ],
        },
        invalid: [
          { value: { mounts: [{ type: 'nfs' }] }, code: 'VARIANT_UNKNOWN', path: 'driver_config.mounts[0].type' },
        ],
      },
    },
  )
  .build({
    rules: [unique('mounts[]', 'target', { normalise: withoutSlash }), lengthEquals('cdi_devices', 'gpu.count')],
    gates: [
      gate('bind mounts', ({ value, policy, refuse }) => {
        if (policy.settings?.['enable_bind_mounts'] === true) return
        for (const [index, mount] of value.mounts.entries()) {
          if (mount.type !== 'bind') continue
          const fix = 'Set enable_bind_mounts = true for the driver.'
          refuse(['mounts', index, 'type'], { problem: 'bind mounts are not allowed here', fix })
        }
      }),
    ],
  })

const kubernetes = defineDriverConfig('kubernetes')
  .version(
    1,
    Type.Object({
      pod: optional(
        Type.Object({
          node_selector: optional(Type.Record(Type.String(), Type.String())),
          runtime_class_name: optional(Type.String({ format: 'dns1123-subdomain' })),
          tolerations: optional(opaque('Kubernetes tolerations; the API server checks them')),
        }),
      ),
      containers: optional(
        Type.Object({
          agent: optional(
            Type.Object({
              resources: optional(Type.Record(Type.String(), Type.String({ format: 'k8s-quantity' }))),
              volume_mounts: optional(
                Type.Array(
                  Type.Object({
                    name: Type.String({ format: 'dns1123-label' }),
                    mount_path: target,
                    sub_path: optional(Type.String({ format: 'subpath' })),
                    read_only: optional(Type.Boolean()),
                  }),
                ),
              ),
            }),
          ),
        }),
      ),
      volumes: optional(
        Type.Array(
          Type.Object({
            name: Type.String({ format: 'dns1123-label' }),
            claim_name: Type.String({ format: 'dns1123-subdomain' }),
            read_only: optional(Type.Boolean()),
          }),
        ),
      ),
    }),
    {
      examples: {
        minimal: {},
        full: {
          pod: { node_selector: { pool: 'agents' }, runtime_class_name: 'kata', tolerations: [{ key: 'dedicated' }] },
          containers: {
            agent: {
              resources: { cpu: '500m' },
              volume_mounts: [{ name: 'data', mount_path: '/sandbox/data', sub_path: 'a', read_only: true }],
            },
          },
          volumes: [{ name: 'data', claim_name: 'claim', read_only: true }],
        },
        invalid: [
          { value: { pod: { nodeSelector: {} } }, code: 'UNKNOWN_FIELD', path: 'driver_config.pod.nodeSelector' },
        ],
      },
    },
  )
  .build({
    rules: [
      refers('containers.agent.volume_mounts[].name', 'volumes[].name'),
      readOnlyDominates('volumes[]', 'containers.agent.volume_mounts[]', { parentKey: 'name', childKey: 'name' }),
      rule('reserved-volumes', { reads: ['volumes[].name'] }, ({ value, fail }) => {
        for (const [index, volume] of (value.volumes ?? []).entries()) {
          if (volume.name === 'workspace') fail(['volumes', index, 'name'], 'RULE_FAILED', { problem: 'is reserved' })
        }
      }),
      rule('mount-paths', { reads: ['containers.agent.volume_mounts[].mount_path'] }, ({ value, fail }) => {
        for (const [index, mount] of (value.containers?.agent?.volume_mounts ?? []).entries()) {
          if (!mount.mount_path.startsWith('/var/run/')) continue
          const path = ['containers', 'agent', 'volume_mounts', index, 'mount_path']
          fail(path, 'RULE_FAILED', { problem: 'lies in a directory of the platform' })
        }
      }),
    ],
  })

const vm = defineDriverConfig('vm')
  .version(
    1,
    Type.Object({ gpu_device_ids: optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 1 })) }),
    emptyExamples,
  )
  .build({ rules: [onlyWith('gpu_device_ids', 'gpu')] })

// Version 1 asked for a command; version 2 makes the whole block optional.
const mxc = defineDriverConfig('mxc')
  .version(
    1,
    Type.Object({
      command: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
      cwd: withDefault(Type.String(), ''),
    }),
    showing({ command: ['sh'] }),
  )
  .version(
    2,
    Type.Object({ command: optional(Type.Array(Type.String({ minLength: 1 }))), cwd: withDefault(Type.String(), '') }),
    {
      ...emptyExamples,
      up: (old) => old,
    },
  )
  .build()

const lxd = defineDriverConfig('lxd')
  .version(
    1,
    Type.Object({
      network: optional(Type.String()),
      storage_pool: optional(Type.String()),
      profiles: withDefault(Type.Array(Type.String()), []),
      max_processes: withDefault(
        Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^[0-9]{1,9}$' })]),
        4096,
      ),
    }),
    emptyExamples,
  )
  .build()

function refusals(config: DriverConfig<unknown>, block: unknown, context: ParseContext = {}): string[] {
  const result = config.safeParse(block, context)
  return result.ok ? [] : result.issues.map((issue) => `${issue.path.replace('driver_config.', '')} ${issue.code}`)
}
const mounts = (...list: object[]) => ({ mounts: list })
const tmpfs = (fields: object) => mounts({ type: 'tmpfs', target: '/scratch', ...fields })

describe('docker', () => {
  const policy = { settings: { enable_bind_mounts: true } }

  test.each([
    [{}],
    [mounts({ type: 'volume', source: 'work', target: '/sandbox/work', read_only: false })],
    [mounts({ type: 'tmpfs', target: '/scratch/' })],
  ])('accepts %j', (block) => {
    expect(refusals(docker, block)).toEqual([])
  })

  test.each([
    [tmpfs({ size_bytes: 1.5 }), 'mounts[0].size_bytes NOT_AN_INTEGER'],
    [tmpfs({ size_bytes: 0 }), 'mounts[0].size_bytes NUMBER_OUT_OF_RANGE'],
    [tmpfs({ mode: -1 }), 'mounts[0].mode NUMBER_OUT_OF_RANGE'],
    [tmpfs({ options: ['uid='] }), 'mounts[0].options[0] PATTERN_MISMATCH'],
    [tmpfs({ target: '/etc' }), 'mounts[0].target FORMAT_INVALID'],
    [tmpfs({ target: '/sandbox' }), 'mounts[0].target FORMAT_INVALID'],
    [tmpfs({ target: 'data' }), 'mounts[0].target FORMAT_INVALID'],
    [tmpfs({ target: '/a//b' }), 'mounts[0].target FORMAT_INVALID'],
    [tmpfs({ target: '/a:b' }), 'mounts[0].target FORMAT_INVALID'],
    [mounts({ type: 'nfs' }), 'mounts[0].type VARIANT_UNKNOWN'],
    [mounts({ type: 'bind', source: '/a', target: '/b', readonly: true }), 'mounts[0].readonly UNKNOWN_FIELD'],
    [mounts({ type: 'tmpfs', target: '/a' }, { type: 'tmpfs', target: '/a/' }), 'mounts[1].target ITEMS_NOT_UNIQUE'],
    [{ cdi_devices: [] }, 'cdi_devices ITEM_COUNT_OUT_OF_RANGE'],
    [{ cdi_devices: ['a', 'a'] }, 'cdi_devices[1] ITEMS_NOT_UNIQUE'],
    [{ volumes: [] }, 'volumes UNKNOWN_FIELD'],
    [{ mounts: ['/a:/b'] }, 'mounts[0] TYPE_MISMATCH'],
  ])('refuses %j', (block, expected) => {
    expect(refusals(docker, block, { policy })).toEqual([expected])
  })

  test('hints at the name that was meant', () => {
    const block = mounts({ type: 'bind', source: '/a', target: '/b', readonly: true })
    expect(docker.safeParse(block, { policy })).toMatchObject({ issues: [{ suggestion: 'read_only' }] })
  })

  test('blames the operator for a bind mount that is switched off', () => {
    const block = mounts({ type: 'bind', source: '/srv/openshell/work', target: '/sandbox/work', read_only: false })
    expect(docker.safeParse(block)).toMatchObject({ issues: [{ code: 'NOT_ALLOWED_BY_OPERATOR', fault: 'operator' }] })
    expect(docker.safeParse(block, { policy }).ok).toBe(true)
  })

  test('ties devices to the GPU request', () => {
    expect(refusals(docker, { cdi_devices: ['a'] }, { request: { gpu: { count: 2 } } })).toEqual([
      'cdi_devices CONFLICTS_WITH_REQUEST',
    ])
    expect(refusals(docker, { cdi_devices: ['a'] }, { request: { gpu: {} } })).toEqual([])
  })
})

describe('kubernetes', () => {
  const volumes = [{ name: 'data', claim_name: 'pvc' }]
  const agent = (...volume_mounts: object[]) => ({ containers: { agent: { volume_mounts } }, volumes })

  test('accepts two mounts of one claim, and tolerations unchecked', () => {
    const mount = (name: string) => ({ name: 'data', mount_path: `/sandbox/${name}`, sub_path: name })
    expect(refusals(kubernetes, agent(mount('a'), mount('b')))).toEqual([])
    expect(refusals(kubernetes, { pod: { tolerations: [{ key: 'k', tolerationSeconds: 5 }] } })).toEqual([])
  })

  test.each([
    [agent({ name: 'other', mount_path: '/data' }), 'containers.agent.volume_mounts[0].name REFERENCE_UNKNOWN'],
    [{ volumes: [{ name: 'workspace', claim_name: 'pvc' }] }, 'volumes[0].name RULE_FAILED'],
    [{ volumes: [{ name: 'User_Data', claim_name: 'pvc' }] }, 'volumes[0].name FORMAT_INVALID'],
    [{ volumes: [{ name: 'a'.repeat(64), claim_name: 'pvc' }] }, 'volumes[0].name FORMAT_INVALID'],
    [
      agent({ name: 'data', mount_path: '/var/run/secrets' }),
      'containers.agent.volume_mounts[0].mount_path RULE_FAILED',
    ],
    [{ pod: { nodeSelector: {} } }, 'pod.nodeSelector UNKNOWN_FIELD'],
    [{ pod: { node_selector: { gpu: 5 } } }, 'pod.node_selector.gpu TYPE_MISMATCH'],
  ])('refuses %j', (block, expected) => {
    expect(refusals(kubernetes, block)).toEqual([expected])
  })

  test('refuses a writable mount of a read-only claim', () => {
    const block = {
      ...agent({ name: 'data', mount_path: '/data', read_only: false }),
      volumes: [{ ...volumes[0], read_only: true }],
    }
    expect(refusals(kubernetes, block)).toEqual(['containers.agent.volume_mounts[0].read_only FIELDS_CONFLICT'])
  })
})

test('vm takes exactly one device, and only with a GPU request', () => {
  const request = { gpu: {} }
  expect(refusals(vm, { gpu_device_ids: ['0'] }, { request })).toEqual([])
  expect(refusals(vm, { gpu_device_ids: ['0', '1'] }, { request })).toEqual(['gpu_device_ids ITEM_COUNT_OUT_OF_RANGE'])
  expect(refusals(vm, { gpu_device_ids: [] }, { request })).toEqual(['gpu_device_ids ITEM_COUNT_OUT_OF_RANGE'])
  expect(refusals(vm, { gpu_device_ids: ['0'] })).toEqual(['gpu_device_ids CONFLICTS_WITH_REQUEST'])
})

test('mxc asks for a command in version 1 and for nothing in version 2', () => {
  expect(refusals(mxc, {})).toEqual(['command FIELD_REQUIRED'])
  expect(refusals(mxc, { command: [''] })).toEqual(['command[0] LENGTH_OUT_OF_RANGE'])
  expect(mxc.parse({ schema_version: 2 })).toEqual({ cwd: '' })
  expect(mxc.parse({ command: ['sh'] })).toEqual({ command: ['sh'], cwd: '' })
})

test('lxd takes a number of processes as a number or as digits', () => {
  expect(refusals(lxd, { profiles: ['gpu'], max_processes: 0 })).toEqual([])
  expect(refusals(lxd, { max_processes: '512' })).toEqual([])
  expect(refusals(lxd, { max_processes: 1.5 })).toEqual(['max_processes NOT_AN_INTEGER'])
  expect(refusals(lxd, { network: 5 })).toEqual(['network TYPE_MISMATCH'])
  expect(lxd.safeParse({ pool: 'x' })).toMatchObject({
    issues: [{ code: 'UNKNOWN_FIELD', path: 'driver_config.pool' }],
  })
})
