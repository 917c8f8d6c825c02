import { Type as Earlier } from '@sinclair/typebox'
import Type from 'typebox'
import { defineDriverConfig, exclusive, nullMeansAbsent, opaque, unique, withDefault } from '../src/index.js'
import { emptyExamples } from './version-examples.js'

const mount = Type.Union([
  Type.Object({
    type: Type.Literal('bind'),
    source: Type.String({ format: 'host-path' }),
    target: Type.String({ format: 'container-path' }),
    read_only: withDefault(Type.Boolean(), true),
  }),
  Type.Object({
    type: Type.Literal('tmpfs'),
    target: Type.String({ minLength: 1, maxLength: 64 }),
    options: withDefault(Type.Array(Type.String(), { maxItems: 4, uniqueItems: true }), []),
    size_bytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 40 })),
  }),
])

/** A schema with every kind of node. */
export const everyKind = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 63, pattern: '^[a-cé😀7]*$' })),
  count: withDefault(Type.Integer({ minimum: 0, maximum: 100, multipleOf: 5 }), 5),
  ratio: Type.Optional(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 2 })),
  enabled: Type.Optional(Type.Boolean()),
  mode: Type.Optional(Type.Union([Type.Literal('fast'), Type.Literal('safe')])),
  limit: Type.Optional(
    Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^[0-9]+$', maxLength: 9 }), Type.Null()]),
  ),
  pair: Type.Optional(Type.Tuple([Type.String(), Type.Integer()])),
  labels: Type.Optional(Type.Record(Type.String(), Type.String())),
  tolerations: Type.Optional(opaque('passed on to the platform')),
  adopted: Type.Optional(nullMeansAbsent(Type.Boolean())),
  nested: Type.Optional(
    Type.Object({
      deep: nullMeansAbsent(withDefault(Type.Object({ level: withDefault(nullMeansAbsent(Type.Integer()), 3) }), {})),
    }),
  ),
  mounts: withDefault(Type.Array(mount, { maxItems: 8 }), []),
})

const before = Earlier.Object({
  title: Earlier.Optional(Earlier.String({ minLength: 1, maxLength: 20 })),
  count: Earlier.Optional(Earlier.Integer({ minimum: 0, maximum: 20 })),
  readonly: Earlier.Optional(Earlier.Boolean()),
})

/** Two versions, a rule-free current one. */
export const plainConfig = defineDriverConfig('acme')
  .version(1, before, emptyExamples)
  .version(2, everyKind, {
    ...emptyExamples,
    replaces: { title: 'name', readonly: 'enabled' },
    up: (old) => ({
      count: (old.count ?? 0) * 5,
      ...(old.readonly === undefined ? {} : { enabled: old.readonly }),
    }),
  })
  .build()

/** The same shape with rules. */
export const ruledConfig = defineDriverConfig('acme')
  .version(1, everyKind, { ...emptyExamples, rules: [exclusive('name', 'labels')] })
  .build({ rules: [unique('mounts[]', 'target')] })
