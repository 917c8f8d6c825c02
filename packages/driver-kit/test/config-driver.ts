import Type from 'typebox'
import { defineDriver, defineDriverConfig, withDefault } from '../src/index.js'
import { type MemoryBackend, memoryHandlers } from './memory-driver.js'

const V1 = Type.Object({
  size: Type.Optional(Type.String({ pattern: '^[0-9]+Gi$', maxLength: 16 })),
  mode: Type.Optional(Type.Union([Type.Literal('fast'), Type.Literal('safe')], { default: 'safe' })),
})
const V2 = Type.Object({
  size_bytes: withDefault(Type.Integer({ minimum: 1 }), 1_073_741_824),
  mode: withDefault(Type.Union([Type.Literal('fast'), Type.Literal('safe')]), 'safe'),
  labels: withDefault(Type.Array(Type.Object({ name: Type.String() })), []),
})

const chain = defineDriverConfig('acme', { domain: 'acme.example' }).version(1, V1, {
  status: 'deprecated',
  examples: {
    minimal: {},
    full: { size: '10Gi', mode: 'fast' },
    invalid: [{ value: { size: 5 }, code: 'TYPE_MISMATCH', path: 'driver_config.size' }],
  },
})

/** A config of two versions: `size` in text became `size_bytes`. */
export const twoVersions = chain
  .version(2, V2, {
    since: '1.4.0',
    examples: {
      minimal: { size_bytes: 1, mode: 'safe', labels: [] },
      full: { size_bytes: 1, mode: 'fast', labels: [] },
      invalid: [{ value: { size_bytes: 1.5 }, code: 'NOT_AN_INTEGER', path: 'driver_config.size_bytes' }],
    },
    up: (old) => ({
      size_bytes: Number.parseInt(old.size ?? '1Gi', 10) * 2 ** 30,
      mode: old.mode ?? 'safe',
      labels: [],
    }),
  })
  .build()

/** What an earlier release of the driver read. */
export const oneVersion = chain.build()

/** A driver that remembers the config that its handlers got. */
export function configDriver(backend: MemoryBackend, seen: unknown[]) {
  const handlers = memoryHandlers(backend)
  return defineDriver({
    ...handlers,
    name: 'acme',
    version: '1.4.0',
    config: twoVersions,
    create(sandbox, { config }) {
      seen.push(config)
      return handlers.create(sandbox)
    },
    start(sandbox, { config }) {
      seen.push(config)
      return handlers.start(sandbox)
    },
  })
}

/** The earlier release of the same driver. */
export function earlierDriver(backend: MemoryBackend) {
  return defineDriver({ ...memoryHandlers(backend), name: 'acme', version: '1.3.0', config: oneVersion })
}
