import Type from 'typebox'
import { defineDriverConfig, gate, noDriverConfig, onlyWith, rule, withDefault } from '../../src/index.js'
import { emptyExamples, showing } from '../version-examples.js'

/** What the rule of the substrate config reads. */
interface Substrate {
  readonly actor_template?: string
  readonly annotations?: { readonly substrate_actor_template?: string }
}

const optional = Type.Optional
const target = Type.String({ format: 'mount-target' })

export const vm = defineDriverConfig('vm')
  .version(
    1,
    Type.Object({ gpu_device_ids: optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, maxItems: 1 })) }),
    emptyExamples,
  )
  .build({ rules: [onlyWith('gpu_device_ids', 'gpu')] })

const command = Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })

/** Version 1 asked for a command; version 2 makes the whole block optional. */
export const mxc = defineDriverConfig('mxc')
  .version(1, Type.Object({ command, cwd: withDefault(Type.String(), '') }), showing({ command: ['sh'] }))
  .version(2, Type.Object({ command: optional(command), cwd: withDefault(Type.String(), '') }), {
    ...emptyExamples,
    up: (old) => old,
  })
  .build()

const processes = Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^[0-9]{1,9}$' })])

export const lxd = defineDriverConfig('lxd')
  .version(
    1,
    Type.Object({
      network: optional(Type.String()),
      storage_pool: optional(Type.String()),
      profiles: withDefault(Type.Array(Type.String()), []),
      max_processes: withDefault(processes, 4096),
    }),
    emptyExamples,
  )
  .build()

const hostVolume = Type.Object({
  type: Type.Literal('volume'),
  source: Type.String({ format: 'host-path' }),
  target,
  read_only: withDefault(Type.Boolean(), true),
})

/** The operator allows a folder for host mounts and a list of networks; links out of the folder are found by a lookup. */
export const appleContainer = defineDriverConfig('applecontainer')
  .version(
    1,
    Type.Object({
      mounts: withDefault(
        Type.Array(Type.Union([hostVolume, Type.Object({ type: Type.Literal('tmpfs'), target })])),
        [],
      ),
      network: optional(Type.String({ minLength: 1 })),
      kernel: optional(Type.String({ format: 'host-path' })),
    }),
    emptyExamples,
  )
  .build({
    gates: [
      gate('host mounts', ({ value, policy, refuse }) => {
        const root = policy.settings?.['host_mount_root']
        for (const [index, mount] of value.mounts.entries()) {
          if (mount.type !== 'volume') continue
          if (typeof root === 'string' && mount.source.startsWith(`${root}/`)) continue
          const fix = 'Set host_mount_root to a folder that holds it.'
          refuse(['mounts', index, 'source'], { problem: 'lies outside what the operator shares', fix })
        }
      }),
      gate('networks', ({ value, policy, refuse }) => {
        const allowed = policy.settings?.['allowed_networks']
        if (value.network === undefined || (Array.isArray(allowed) && allowed.includes(value.network))) return
        refuse('network', { problem: 'is not a network that the operator allows', fix: 'Add it to allowed_networks.' })
      }),
    ],
    resources: [
      {
        what: 'host folder',
        path: 'mounts[].source',
        lookUp: async (source) => (source.endsWith('/link-out') ? 'not-usable' : 'found'),
      },
    ],
  })

export const dockerSandboxes = defineDriverConfig('docker-sandboxes')
  .version(1, Type.Object({ profile: optional(Type.String({ minLength: 1 })) }), emptyExamples)
  .build()

const nexusMount = Type.Object({
  source: Type.String({ format: 'host-path' }),
  target,
  read_only: withDefault(Type.Boolean(), false),
})

export const nexus = defineDriverConfig('nexus')
  .version(1, Type.Object({ mounts: withDefault(Type.Array(nexusMount), []) }), emptyExamples)
  .build()

const name = Type.String({ minLength: 1 })

/** Version 1 gathers the two places of the past in one block; version 2 has one. */
export const substrate = defineDriverConfig('substrate')
  .version(
    1,
    Type.Object({
      actor_template: optional(name),
      annotations: optional(Type.Object({ substrate_actor_template: optional(name) })),
    }),
    {
      ...emptyExamples,
      rules: [
        rule('one-template', { reads: ['actor_template', 'annotations'] }, ({ value, fail }) => {
          const { annotations, actor_template } = value as Substrate
          const legacy = annotations?.substrate_actor_template
          if (legacy === undefined || actor_template === undefined || legacy === actor_template) return
          const fix = 'Remove one of the two.'
          fail('annotations.substrate_actor_template', 'FIELDS_CONFLICT', {
            problem: 'differs from "actor_template"',
            fix,
          })
        }),
      ],
    },
  )
  .version(2, Type.Object({ actor_template: optional(name) }), {
    ...emptyExamples,
    replaces: { 'annotations.substrate_actor_template': 'actor_template' },
    up: ({ actor_template, annotations }) => {
      const template = actor_template ?? annotations?.substrate_actor_template
      return template === undefined ? {} : { actor_template: template }
    },
  })
  .build()

export const kubevirt = noDriverConfig('kubevirt')
