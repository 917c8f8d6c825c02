import { Type as Earlier } from '@sinclair/typebox'
import Type from 'typebox'
import { expect } from 'vitest'
import {
  type ConfigIssues,
  type DriverConfig,
  defineDriverConfig,
  exclusive,
  extensions,
  faultStatus,
  opaque,
} from '../src/index.js'
import { emptyExamples } from './version-examples.js'

const optional = Type.Optional
const text = optional(Type.String())

function codesOf(result: { readonly ok: boolean; readonly issues?: ConfigIssues }): string[] {
  return (result.issues ?? []).map((issue) => `${issue.code} ${issue.path}`)
}

/** A version with one member `a`. */
function memberConfig(a: object): DriverConfig<unknown> {
  const schema = { type: 'object', properties: { a }, additionalProperties: false }
  return defineDriverConfig('acme').version(1, schema, emptyExamples).build()
}

/** The published schema of the only version, without what publishing adds. */
function publishedMember(config: DriverConfig<unknown>): object {
  const schema = config.schemas()[0]?.schema ?? {}
  return (schema['properties'] as Record<string, object>)['a'] ?? {}
}

/** Every kind of node in both lines, where they have it. */
const nodeKinds: readonly object[] = [
  Type.String({ minLength: 1, maxLength: 9, pattern: '^a' }),
  Earlier.String({ format: 'uuid' }),
  Type.String({ format: 'mount-target', pattern: '^/data', maxLength: 99 }),
  Type.Integer({ minimum: 1, maximum: 10, multipleOf: 5 }),
  Earlier.Number({ exclusiveMinimum: 0 }),
  Type.Boolean(),
  Type.Literal('a'),
  Type.Enum(['a', 'b']),
  Earlier.Union([Earlier.Literal('a'), Earlier.Literal('b')]),
  Type.Union([Type.String(), Type.Null()]),
  Type.Array(Type.String(), { minItems: 1, maxItems: 3, uniqueItems: true }),
  Type.Tuple([Type.String(), Type.Integer()]),
  Earlier.Tuple([Earlier.String(), Earlier.Integer()]),
  Type.Record(Type.String(), Type.Integer()),
  Earlier.Record(Earlier.String(), Earlier.Boolean()),
  Type.Object({ b: Type.String(), c: optional(Type.Integer({ default: 3 })) }),
  Type.Union([
    Type.Object({ type: Type.Literal('a'), d: optional(Type.Boolean({ default: true })) }),
    Type.Object({ type: Type.Literal('b') }),
  ]),
  opaque('checked by the platform'),
  extensions(),
]

const unknownKinds: readonly (readonly [object, string])[] = [
  [{ type: 'mystery' }, '/properties/a'],
  [{}, '/properties/a'],
  [{ type: 'object', properties: { b: { kind: 'union' } }, additionalProperties: false }, '/properties/a/properties/b'],
  [{ type: 'array', items: { not: {} } }, '/properties/a/items'],
  [{ $ref: '#/$defs/x' }, '/properties/a'],
  [{ anyOf: [{ type: 'object' }, { type: 'object' }] }, '/properties/a'],
]

/** By the id of the case, what holds here; for cases about schemas and their keys. */
export const schemaCases: Readonly<Record<string, () => void | Promise<void>>> = {
  'sib-tf-old-state-new-schema': () => {
    const before = memberConfig(Type.String())
    const stored = before.store({ a: 'x' }, { driverVersion: '1.0.0' })
    const after = memberConfig(Type.Integer())
    const digests = [before, after].map((config) => config.describe().each[0]?.shapeDigest)
    expect(after.restore(stored)).toMatchObject({
      issues: [
        {
          code: 'STORED_CONFIG_INVALID',
          message: expect.stringContaining(
            `driver_config.a: must be a whole number, got a string. schema_version 1 was changed without a new version: It was stored with shape ${digests[0]}, and here the shape is ${digests[1]}.`,
          ),
        },
      ],
    })
    // A digest of anything else is not printed, and a known shape says nothing.
    for (const digest of ['hunter2', digests[1]]) {
      expect(JSON.stringify(after.restore({ ...stored, digest }))).not.toMatch(/hunter2|was changed/)
    }
  },
  'sib-crd-bag-placement': () => {
    const values = { replicas: '3' }
    const open = memberConfig(Type.Record(Type.String(), Type.String()))
    expect(open.parse({ a: values })).toEqual({ a: values })
    const closed = memberConfig(Type.Object({}))
    expect(codesOf(closed.safeParse({ a: values }))).toEqual(['UNKNOWN_FIELD driver_config.a.replicas'])
    expect(open.describe().each[0]?.shapeDigest).not.toBe(closed.describe().each[0]?.shapeDigest)
  },
  'sib-csi-case': () => {
    // The spellings that people use are fields of version 1; version 2 has one, and migrating rewrites the key.
    const config = defineDriverConfig('acme')
      .version(1, Type.Object({ fs_type: text, FsType: text, fsType: text }), {
        ...emptyExamples,
        rules: [exclusive('fs_type', 'FsType'), exclusive('fs_type', 'fsType'), exclusive('FsType', 'fsType')],
        deprecated: Object.fromEntries(
          ['FsType', 'fsType'].map((name) => [
            name,
            { since: '2.0.0', message: 'Keys are told apart by case.', replacedBy: ['fs_type'] },
          ]),
        ),
      })
      .version(2, Type.Object({ fs_type: text }), {
        ...emptyExamples,
        replaces: { FsType: 'fs_type', fsType: 'fs_type' },
        up({ fs_type, FsType, fsType }) {
          const written = fs_type ?? FsType ?? fsType
          return written === undefined ? {} : { fs_type: written }
        },
      })
      .build()
    expect(config.safeParse({ FsType: 'x' })).toMatchObject({
      value: { fs_type: 'x' },
      warnings: [{ code: 'FIELD_DEPRECATED', path: 'driver_config.FsType' }],
    })
    expect(config.migrate({ FsType: 'x' }, { to: 2 })).toMatchObject({ value: { schema_version: 2, fs_type: 'x' } })
    expect(codesOf(config.safeParse({ FsType: 'x', fs_type: 'y' }))).toEqual(['FIELDS_CONFLICT driver_config.FsType'])
    expect(config.safeParse({ schema_version: 2, FsType: 'x' })).toMatchObject({
      issues: [{ path: 'driver_config.FsType', suggestion: 'fs_type' }],
    })
  },
  'sib-converter-drops-union': () => {
    for (const kind of nodeKinds) {
      const config = memberConfig(kind)
      const again = memberConfig(publishedMember(config))
      expect(publishedMember(again)).toEqual(publishedMember(config))
      expect(again.describe()).toEqual(config.describe())
    }
    for (const [kind, pointer] of unknownKinds) {
      expect(() => memberConfig(kind)).toThrow(`config of driver "acme", version 1, schema at "${pointer}`)
    }
  },
  'rep-bind-backed-volume-bypass': async () => {
    const definitions: Readonly<Record<string, { readonly o: string; readonly device: string }>> = {
      bound: { o: 'bind', device: '/srv/x' },
      rebound: { o: 'rbind,ro', device: '/srv/x' },
    }
    const config = defineDriverConfig('acme')
      .version(1, Type.Object({ volume: text }), emptyExamples)
      .build({
        resources: [
          {
            what: 'volume',
            path: 'volume',
            lookUp: async (name) => {
              if (name === 'unreachable') throw new Error('no connection')
              return definitions[name]?.o.includes('bind') ? 'not-allowed' : 'found'
            },
          },
        ],
      })
    for (const volume of ['bound', 'rebound']) {
      const issues = await config.checkResources({ volume })
      expect(issues).toMatchObject([{ code: 'NOT_ALLOWED_BY_OPERATOR', fault: 'operator', pointer: '/volume' }])
      expect(faultStatus(issues, 'validate')).toBe('FAILED_PRECONDITION')
    }
    const failed = await config.checkResources({ volume: 'unreachable' })
    expect(failed).toMatchObject([{ code: 'RESOURCE_CHECK_FAILED' }])
    expect(faultStatus(failed, 'validate')).toBe('UNAVAILABLE')
  },
}
