import Type from 'typebox'
import { defineDriverConfig, gate, lengthEquals, onlyWith, unique, withDefault } from '../../src/index.js'

const optional = Type.Optional
const target = Type.String({ format: 'mount-target' })
const readOnly = withDefault(Type.Boolean(), true)
const devices = optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, uniqueItems: true }))
const volumeName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$', maxLength: 255 })

const bind = Type.Object({
  type: Type.Literal('bind'),
  source: Type.String({ format: 'host-path' }),
  target,
  read_only: readOnly,
  selinux_label: optional(Type.Union([Type.Literal('shared'), Type.Literal('private')])),
})
const volume = { type: Type.Literal('volume'), source: volumeName, target, read_only: readOnly }
const tmpfs = Type.Object({
  type: Type.Literal('tmpfs'),
  target,
  options: withDefault(Type.Array(Type.String({ pattern: '^[a-z]+$', maxLength: 32 })), []),
  size_bytes: optional(Type.Integer({ minimum: 1 })),
  mode: optional(Type.Integer({ minimum: 0, maximum: 0o7777 })),
})
const image = Type.Object({
  type: Type.Literal('image'),
  source: Type.String({ minLength: 1 }),
  target,
  read_only: readOnly,
})

const rules = [
  unique('mounts[]', 'target', { normalise: (path) => path.replace(/\/$/, '') }),
  onlyWith('cdi_devices', 'gpu'),
  lengthEquals('cdi_devices', 'gpu.count'),
]

/** Both drivers refuse bind mounts unless the operator allows them. */
const bindMounts = gate<{ readonly mounts: readonly { readonly type: string }[] }>('bind mounts', (input) => {
  const { value, policy, refuse } = input
  if (policy.settings?.['enable_bind_mounts'] === true) return
  for (const [index, mount] of value.mounts.entries()) {
    if (mount.type !== 'bind') continue
    const fix = 'Set enable_bind_mounts = true for the driver.'
    refuse(['mounts', index, 'type'], { problem: 'bind mounts are not allowed here', fix })
  }
})

const mountsOfOther = { code: 'VARIANT_UNKNOWN', path: 'driver_config.mounts[0].type' } as const

export const docker = defineDriverConfig('docker')
  .version(
    1,
    Type.Object({
      cdi_devices: devices,
      mounts: withDefault(
        Type.Array(
          Type.Union([bind, Type.Object({ ...volume, subpath: optional(Type.String({ format: 'subpath' })) }), tmpfs]),
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
        invalid: [{ value: { mounts: [{ type: 'nfs' }] }, ...mountsOfOther }],
      },
    },
  )
  .build({ rules, gates: [bindMounts] })

export const podman = defineDriverConfig('podman')
  .version(
    1,
    Type.Object({
      cdi_devices: devices,
      mounts: withDefault(Type.Array(Type.Union([bind, Type.Object(volume), tmpfs, image])), []),
    }),
    {
      examples: {
        minimal: {},
        full: {
          cdi_devices: ['nvidia.com/gpu=0'],
          mounts: [{ type: 'image', source: 'registry.example.com/tools:1', target: '/opt/tools', read_only: true }],
        },
        invalid: [{ value: { mounts: [{ type: 'nfs' }] }, ...mountsOfOther }],
      },
    },
  )
  .build({ rules, gates: [bindMounts] })
