import Type from 'typebox'
import { defineDriver, defineDriverConfig, withDefault } from '../../src/index.js'
import { type MemoryBackend, memoryHandlers } from '../memory-driver.js'

const V1 = Type.Object(
  {
    size: Type.Optional(Type.String({ pattern: '^[0-9]+Gi$', maxLength: 16 })),
    mode: Type.Optional(Type.Union([Type.Literal('fast'), Type.Literal('safe')], { default: 'safe' })),
  },
  { examples: [{}, { size: '10Gi', mode: 'fast' }] },
)
const V2 = Type.Object({
  size_bytes: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  quiet: Type.Optional(Type.Boolean({ deprecated: true })),
  mode: withDefault(Type.Union([Type.Literal('fast'), Type.Literal('safe')]), 'safe'),
  labels: withDefault(
    Type.Array(
      Type.Object({ name: Type.String({ minLength: 2, maxLength: 8 }), hidden: Type.Optional(Type.Boolean()) }),
      {
        maxItems: 3,
      },
    ),
    [],
  ),
})

/** A config with each kind of field that the suite looks at. */
export const goodConfig = defineDriverConfig('good', { domain: 'good.example' })
  .version(1, V1, {
    examples: {
      minimal: {},
      full: { size: '10Gi', mode: 'fast' },
      invalid: [{ value: { mode: 'slow' }, code: 'VALUE_NOT_ALLOWED', path: 'driver_config.mode' }],
    },
  })
  .version(2, V2, {
    examples: {
      minimal: { size_bytes: 1 },
      full: { size_bytes: 1, mode: 'fast', labels: [{ name: 'ab', hidden: true }] },
      invalid: [{ value: {}, code: 'FIELD_REQUIRED', path: 'driver_config.size_bytes' }],
    },
    up: (old) => ({ size_bytes: Number.parseInt(old.size ?? '1Gi', 10), mode: old.mode ?? 'safe', labels: [] }),
  })
  .build({ deprecated: { quiet: { since: '1.0.0', message: 'It has no effect' } } })

/** What `config schema` prints. */
export const goodIndex = { driver: 'good', versions: goodConfig.versions, schemas: goodConfig.schemas() }

/** A driver that keeps the whole contract. */
export function goodDriver(backend: MemoryBackend) {
  const handlers = memoryHandlers(backend)
  return defineDriver({
    ...handlers,
    name: 'good',
    version: '1.0.0',
    config: goodConfig,
    async create(sandbox, { progress }) {
      progress.start('starting_sandbox')
      await handlers.create(sandbox)
    },
  })
}
