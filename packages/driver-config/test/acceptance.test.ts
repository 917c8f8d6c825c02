import { describe, expect, test } from 'vitest'
import type { DriverConfig, ParseContext } from '../src/index.js'
import { docker, podman } from './acceptance/container-configs.js'
import { kubernetes } from './acceptance/kubernetes-config.js'
import {
  appleContainer,
  dockerSandboxes,
  kubevirt,
  lxd,
  mxc,
  nexus,
  substrate,
  vm,
} from './acceptance/other-configs.js'

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
    expect(refusals(docker, block, { policy, request: { gpu: {} } })).toEqual([expected])
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
  const claim = { claim_name: 'pvc', read_only: false }
  const volumes = [{ name: 'data', persistent_volume_claim: claim }]
  const agent = (...volume_mounts: object[]) => ({ containers: { agent: { volume_mounts } }, volumes })

  test('accepts two mounts of one claim, and tolerations unchecked', () => {
    const mount = (name: string) => ({ name: 'data', mount_path: `/sandbox/${name}`, sub_path: name })
    expect(refusals(kubernetes, agent(mount('a'), mount('b')))).toEqual([])
    expect(refusals(kubernetes, { pod: { tolerations: [{ key: 'k', tolerationSeconds: 5 }] } })).toEqual([])
  })

  test.each([
    [agent({ name: 'other', mount_path: '/data' }), 'containers.agent.volume_mounts[0].name REFERENCE_UNKNOWN'],
    [{ volumes: [{ name: 'workspace', persistent_volume_claim: claim }] }, 'volumes[0].name RULE_FAILED'],
    [{ volumes: [{ name: 'User_Data', persistent_volume_claim: claim }] }, 'volumes[0].name FORMAT_INVALID'],
    [{ volumes: [{ name: 'a'.repeat(64), persistent_volume_claim: claim }] }, 'volumes[0].name FORMAT_INVALID'],
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
      volumes: [{ name: 'data', persistent_volume_claim: { ...claim, read_only: true } }],
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

describe('podman', () => {
  test('accepts an image as a mount, and refuses a volume with a subpath', () => {
    const image = { type: 'image', source: 'registry.example.com/tools:1', target: '/opt/tools' }
    expect(refusals(podman, mounts(image))).toEqual([])
    expect(refusals(docker, mounts(image))).toEqual(['mounts[0].type VARIANT_UNKNOWN'])
    const volume = { type: 'volume', source: 'data', target: '/sandbox/data', subpath: 'tenant-a' }
    expect(refusals(podman, mounts(volume))).toEqual(['mounts[0].subpath UNKNOWN_FIELD'])
    expect(refusals(podman, mounts({ ...image, subpath: 'a' }))).toEqual(['mounts[0].subpath UNKNOWN_FIELD'])
  })
})

describe('apple container', () => {
  const block = {
    mounts: [
      { type: 'volume', source: '/Users/dev/data', target: '/data', read_only: true },
      { type: 'tmpfs', target: '/scratch' },
    ],
    network: 'other-vmnet',
    kernel: '/Users/dev/kernels/vmlinux',
  }
  const settings = { host_mount_root: '/Users/dev', allowed_networks: ['other-vmnet'] }

  test('accepts the documented example where the operator allows its parts', () => {
    expect(refusals(appleContainer, block, { policy: { settings } })).toEqual([])
  })

  test('names each part that the operator does not allow', () => {
    expect(refusals(appleContainer, block)).toEqual([
      'mounts[0].source NOT_ALLOWED_BY_OPERATOR',
      'network NOT_ALLOWED_BY_OPERATOR',
    ])
    const outside = { policy: { settings: { ...settings, host_mount_root: '/Users/de' } } }
    expect(refusals(appleContainer, block, outside)).toEqual(['mounts[0].source NOT_ALLOWED_BY_OPERATOR'])
  })

  test('finds a link that leads out of the shared folder by a lookup', async () => {
    const escaping = { mounts: [{ type: 'volume', source: '/Users/dev/link-out', target: '/data' }] }
    const value = appleContainer.parse(escaping, { policy: { settings } })
    expect(await appleContainer.checkResources(value)).toMatchObject([
      { code: 'RESOURCE_NOT_USABLE', path: 'driver_config.mounts[0].source', fault: 'environment' },
    ])
  })
})

test('docker-sandboxes and nexus take one entry, no other key, and no relative source', () => {
  expect(refusals(dockerSandboxes, { profile: 'restricted' })).toEqual([])
  expect(refusals(dockerSandboxes, { profiles: ['restricted'] })).toEqual(['profiles UNKNOWN_FIELD'])
  expect(nexus.parse(mounts({ source: '/srv/work', target: '/work' }))).toEqual({
    mounts: [{ source: '/srv/work', target: '/work', read_only: false }],
  })
  expect(refusals(nexus, mounts({ source: 'work', target: '/work' }))).toEqual(['mounts[0].source FORMAT_INVALID'])
})

test('substrate brings both places of the past to one, and refuses two that differ', () => {
  const annotated = { annotations: { substrate_actor_template: 'tmpl-7' } }
  expect(substrate.parse(annotated)).toEqual({ actor_template: 'tmpl-7' })
  expect(substrate.parse({ actor_template: 'tmpl-7' })).toEqual({ actor_template: 'tmpl-7' })
  expect(substrate.parse({ ...annotated, actor_template: 'tmpl-7' })).toEqual({ actor_template: 'tmpl-7' })
  expect(refusals(substrate, { ...annotated, actor_template: 'other' })).toEqual([
    'annotations.substrate_actor_template FIELDS_CONFLICT',
  ])
  expect(refusals(substrate, { schema_version: 2, ...annotated })).toEqual(['annotations UNKNOWN_FIELD'])
})

test('a driver without a schema takes nothing', () => {
  expect([refusals(kubevirt, undefined), refusals(kubevirt, {})]).toEqual([[], []])
  expect(refusals(kubevirt, { any: 1 })).toEqual(['driver_config CONFIG_NOT_SUPPORTED'])
})
