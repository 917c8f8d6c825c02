import Type from 'typebox'
import { defineDriverConfig, opaque, refers, rule } from '../../src/index.js'

const optional = Type.Optional
const quantities = optional(Type.Record(Type.String(), Type.String({ format: 'k8s-quantity' })))

const pod = Type.Object({
  node_selector: optional(Type.Record(Type.String(), Type.String())),
  runtime_class_name: optional(Type.String({ format: 'dns1123-subdomain' })),
  tolerations: optional(opaque('Kubernetes tolerations; the API server checks them')),
  priority_class_name: optional(Type.String({ format: 'dns1123-subdomain' })),
})
const volumeMount = Type.Object({
  name: Type.String({ format: 'dns1123-label' }),
  mount_path: Type.String({ format: 'mount-target' }),
  sub_path: optional(Type.String({ format: 'subpath' })),
  read_only: optional(Type.Boolean()),
})
const agent = Type.Object({
  resources: optional(Type.Object({ requests: quantities, limits: quantities })),
  volume_mounts: optional(Type.Array(volumeMount)),
})
const volume = Type.Object({
  name: Type.String({ format: 'dns1123-label' }),
  persistent_volume_claim: Type.Object({
    claim_name: Type.String({ format: 'dns1123-subdomain' }),
    read_only: optional(Type.Boolean()),
  }),
})

const schema = Type.Object({
  pod: optional(pod),
  containers: optional(Type.Object({ agent: optional(agent) })),
  volumes: optional(Type.Array(volume)),
})
const reservedNames = new Set(['workspace', 'supervisor', 'identity'])

export const kubernetes = defineDriverConfig('kubernetes')
  .version(1, schema, {
    examples: {
      minimal: {},
      full: {
        pod: {
          node_selector: { pool: 'agents' },
          runtime_class_name: 'kata',
          tolerations: [{ key: 'dedicated' }],
          priority_class_name: 'batch-low',
        },
        containers: {
          agent: {
            resources: { requests: { cpu: '500m' }, limits: { memory: '4Gi' } },
            volume_mounts: [{ name: 'data', mount_path: '/sandbox/data', sub_path: 'a', read_only: true }],
          },
        },
        volumes: [{ name: 'data', persistent_volume_claim: { claim_name: 'claim', read_only: true } }],
      },
      invalid: [
        { value: { pod: { nodeSelector: {} } }, code: 'UNKNOWN_FIELD', path: 'driver_config.pod.nodeSelector' },
      ],
    },
  })
  .build({
    rules: [
      rule('runtime-class', { reads: ['pod.runtime_class_name'] }, ({ value, request, fail }) => {
        const typed = request.platformConfig?.['runtime_class_name']
        const own = value.pod?.runtime_class_name
        if (typed === undefined || own === undefined || typed === own) return
        const fix = 'Write the runtime class in one of the two places.'
        const problem = 'differs from the runtime class of the template'
        fail('pod.runtime_class_name', 'CONFLICTS_WITH_REQUEST', { problem, fix })
      }),
      refers('containers.agent.volume_mounts[].name', 'volumes[].name'),
      rule('reserved-volumes', { reads: ['volumes[].name'] }, ({ value, fail }) => {
        for (const [index, each] of (value.volumes ?? []).entries()) {
          if (reservedNames.has(each.name)) fail(['volumes', index, 'name'], 'RULE_FAILED', { problem: 'is reserved' })
        }
      }),
      rule('mount-paths', { reads: ['containers.agent.volume_mounts[].mount_path'] }, ({ value, fail }) => {
        for (const [index, mount] of (value.containers?.agent?.volume_mounts ?? []).entries()) {
          if (!mount.mount_path.startsWith('/var/run/')) continue
          const path = ['containers', 'agent', 'volume_mounts', index, 'mount_path']
          fail(path, 'RULE_FAILED', { problem: 'lies in a directory of the platform' })
        }
      }),
      // A claim is read-only unless it says otherwise, so that a flag on both levels is needed to write.
      rule('writable-claims', { reads: ['volumes', 'containers.agent.volume_mounts'] }, ({ value, fail }) => {
        const claims = (value.volumes ?? []).filter((each) => each.persistent_volume_claim.read_only !== false)
        const names = new Set(claims.map((each) => each.name))
        for (const [index, mount] of (value.containers?.agent?.volume_mounts ?? []).entries()) {
          if (mount.read_only !== false || !names.has(mount.name)) continue
          const path = ['containers', 'agent', 'volume_mounts', index, 'read_only']
          fail(path, 'FIELDS_CONFLICT', { problem: 'cannot be writable, its claim is read-only' })
        }
      }),
    ],
  })
