import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { emptyExamples } from '../../test/version-examples.js'
import { gate } from '../check/config-gate.js'
import type { ParseContext } from '../check/lineage.js'
import { rule } from '../check/rules.js'
import { exclusive, onlyWith, refers, requires } from '../check/standard-rules.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { noDriverConfig } from '../define/no-driver-config.js'
import { loadPublishedConfig } from '../publish/load-published-config.js'
import { publishConfig } from '../publish/publish-config.js'
import { extensions } from '../schema/opaque.js'
import type { ConfigIssues } from './check-result.js'
import { type IssueCode, issueCodeAnchor, issueCodes } from './codes.js'
import type { ConfigIssue } from './config-issue.js'

const optional = Type.Optional
const text = optional(Type.String())

/** A config whose current version has one field for each kind of problem. */
const config = defineDriverConfig('acme')
  .removed(1, { in: '2.0.0', lastReader: '1.9' })
  .version(2, Type.Object({ old: text, broken: text, odd: text, lost: text }), {
    ...emptyExamples,
    status: 'deprecated',
  })
  .version(
    3,
    Type.Object({
      name: optional(Type.String({ minLength: 2, pattern: '^[a-z]+$', maxLength: 8 })),
      path: optional(Type.String({ format: 'container-path' })),
      size: optional(Type.Integer({ minimum: 0, maximum: 10, multipleOf: 5 })),
      mode: optional(Type.Union([Type.Literal('fast'), Type.Literal('safe')])),
      need: optional(Type.Object({ it: Type.String() })),
      list: optional(Type.Array(Type.String(), { maxItems: 2, uniqueItems: true })),
      any: optional(
        Type.Union([Type.Object({ type: Type.Literal('a') }), Type.Object({ type: Type.Literal('b'), x: text })]),
      ),
      more: optional(extensions()),
      left: text,
      right: text,
      uses: optional(Type.Array(Type.String())),
      has: optional(Type.Array(Type.String())),
      gpu: text,
      rule: text,
      soft: text,
      throws: text,
      gate: text,
      stale: optional(Type.Union([Type.Literal('x'), Type.Literal('y')])),
      beta: optional(Type.Boolean({ 'x-experimental': true })),
      volume: text,
    }),
    {
      ...emptyExamples,
      replaces: { old: 'name' },
      up({ old, broken, odd, lost }, note) {
        if (broken !== undefined) throw new Error('broken')
        if (lost !== undefined) note('dropped lost')
        if (odd !== undefined) return { size: 'odd' } as never
        return old === undefined ? {} : { name: old }
      },
      deprecated: {
        stale: { since: '1.0.0', message: 'It has no effect.' },
        'stale=y': { since: '1.0.0', message: 'Use x.' },
      },
    },
  )
  .build({
    rules: [
      exclusive('left', 'right'),
      requires('left', 'name'),
      refers('uses[]', 'has[]'),
      onlyWith('gpu', 'gpu'),
      failing('rule', (fail) => fail('rule', 'RULE_FAILED', { problem: 'is wrong' })),
      { ...failing('soft', (fail) => fail('soft', 'RULE_FAILED', { problem: 'is wrong' })), enforce: 'warn' },
      failing('throws', () => {
        throw new Error('thrown')
      }),
    ],
    gates: [
      gate<Record<string, unknown>>('gate', ({ value, refuse }) => {
        if (value['gate'] !== undefined) refuse('gate', { problem: 'is off', fix: 'Switch it on.' })
      }),
    ],
    resources: [
      {
        what: 'volume',
        path: 'volume',
        lookUp: async (name) => {
          if (name === 'unknown') throw new Error('no connection')
          return name === 'gone' ? 'not-found' : 'not-usable'
        },
      },
    ],
  })

type Fail = Parameters<Parameters<typeof rule<Record<string, unknown>>>[2]>[0]['fail']

function failing(field: string, run: (fail: Fail) => void) {
  return rule<Record<string, unknown>>(field, { reads: [field] }, ({ value, fail }) => {
    if (value[field] !== undefined) run(fail)
  })
}

type Produce = () => readonly ConfigIssue[] | Promise<readonly ConfigIssue[]>

function report(block: unknown, context: ParseContext = {}): Produce {
  return () => issuesOf(config.safeParse(block, context))
}

function issuesOf(result: {
  readonly ok: boolean
  readonly issues?: ConfigIssues
  readonly warnings: readonly ConfigIssue[]
}): readonly ConfigIssue[] {
  return [...(result.issues ?? []), ...result.warnings]
}

const current = (block: object, context: ParseContext = {}): Produce => report({ schema_version: 3, ...block }, context)
const earlier = (block: object): Produce => report({ schema_version: 2, ...block })
const look =
  (volume: string): Produce =>
  () =>
    config.checkResources({ volume })

/** A document for every code; the compiler asks for one when a code is added. */
const producers: Readonly<Record<IssueCode, Produce>> = {
  CONFIG_NOT_OBJECT: report([]),
  CONFIG_TOO_LARGE: current({
    more: Object.fromEntries(['a', 'b'].map((key) => [`x.example/${key}`, 'x'.repeat(9_000)])),
  }),
  CONFIG_TOO_DEEP: current({ more: JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`) }),
  CONFIG_TOO_MANY_KEYS: report(Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 1]))),
  KEY_FORBIDDEN: report(JSON.parse('{"__proto__":1}')),
  KEY_TOO_LONG: report({ ['k'.repeat(200)]: 1 }),
  STRING_TOO_LONG: report({ name: 'x'.repeat(20_000) }),
  VALUE_NOT_JSON: report({ name: Number.NaN }),
  CONFIG_NOT_SUPPORTED: () => issuesOf(noDriverConfig('acme').safeParse({ a: 1 })),
  SCHEMA_VERSION_INVALID: report({ schema_version: '3' }),
  SCHEMA_VERSION_TOO_NEW: report({ schema_version: 4 }),
  SCHEMA_VERSION_REMOVED: report({ schema_version: 1 }),
  SCHEMA_VERSION_REQUIRED: report({ name: 'ab' }),
  UNKNOWN_FIELD: current({ nmae: 'ab' }),
  FIELD_REPLACED: current({ old: 'ab' }),
  FIELD_REQUIRED: current({ need: {} }),
  TYPE_MISMATCH: current({ name: 5 }),
  NULL_NOT_ALLOWED: current({ name: null }),
  NOT_AN_INTEGER: current({ size: 1.5 }),
  NUMBER_OUT_OF_RANGE: current({ size: 15 }),
  NUMBER_NOT_MULTIPLE: current({ size: 3 }),
  LENGTH_OUT_OF_RANGE: current({ name: 'a' }),
  PATTERN_MISMATCH: current({ name: 'A1' }),
  FORMAT_INVALID: current({ path: 'relative' }),
  VALUE_NOT_ALLOWED: current({ mode: 'slow' }),
  VARIANT_UNKNOWN: current({ any: { type: 'c' } }),
  VARIANT_MISSING: current({ any: {} }),
  ITEM_COUNT_OUT_OF_RANGE: current({ list: ['a', 'b', 'c'] }),
  ITEMS_NOT_UNIQUE: current({ list: ['a', 'a'] }),
  MAP_KEY_INVALID: current({ more: { plain: 1 } }),
  RULE_FAILED: current({ rule: 'x' }),
  FIELDS_CONFLICT: current({ name: 'ab', left: 'x', right: 'x' }),
  FIELD_NEEDS_OTHER: current({ left: 'x' }),
  REFERENCE_UNKNOWN: current({ uses: ['a'], has: ['b'] }),
  CONFLICTS_WITH_REQUEST: current({ gpu: 'x' }),
  SECRET_NOT_ALLOWED: current({ left: 'AKIAABCDEFGHIJKLMNOP', name: 'ab' }),
  SECRET_SUSPECTED: current({ right: 'Zq8v3KxW1pLmN7tR5yUoA2sD9fGhJ4kB6cE0' }),
  CONFIG_DISABLED: current({ name: 'ab' }, { policy: { allowDriverConfig: false } }),
  NOT_ALLOWED_BY_OPERATOR: current({ gate: 'x' }),
  EXPERIMENTAL_NOT_ENABLED: current({ beta: true }, { policy: { allowExperimental: false } }),
  RESOURCE_NOT_FOUND: look('gone'),
  RESOURCE_NOT_USABLE: look('broken'),
  RESOURCE_CHECK_FAILED: look('unknown'),
  MIGRATION_NOT_PORTABLE: () =>
    issuesOf(loadPublishedConfig(publishConfig(config).bundle.value).safeParse({ schema_version: 2 })),
  MIGRATION_FAILED: earlier({ broken: 'x' }),
  MIGRATION_INVALID_OUTPUT: earlier({ odd: 'x' }),
  RULE_THREW: current({ throws: 'x' }),
  STORED_CONFIG_INVALID: () => issuesOf(config.restore({})),
  VERSION_DEPRECATED: earlier({ old: 'ab' }),
  FIELD_DEPRECATED: current({ stale: 'x' }),
  VALUE_DEPRECATED: current({ stale: 'y' }),
  EXPERIMENTAL_USED: current({ beta: true }),
  MIGRATION_LOSSY: earlier({ lost: 'x' }),
  RULE_WOULD_FAIL: current({ soft: 'x' }),
  SCHEMA_VERSION_MISSING: () => issuesOf(unmarked.safeParse({ a: 'x' }, { strict: true })),
}

const unmarked = defineDriverConfig('acme')
  .version(1, Type.Object({ a: text }), emptyExamples)
  .build()

describe('the code', () => {
  test.each(Object.entries(producers))(
    '%s is produced by a document, with its fault and a fix',
    async (code, produce) => {
      const found = (await produce()).find((issue) => issue.code === code)
      const { fault, severity } = issueCodes[code as IssueCode]
      expect(found).toMatchObject({ fault, severity, fix: expect.stringMatching(/\S/) })
    },
  )

  test('has a fix, a summary and an anchor of its own', () => {
    const anchors = new Set<string>()
    for (const [code, entry] of Object.entries(issueCodes)) {
      expect(code).toMatch(/^[A-Z][A-Z_]{1,62}$/)
      expect(entry.fix).toMatch(/^[A-Z].*\.$/)
      expect(entry.summary).not.toMatch(/\.$/)
      anchors.add(issueCodeAnchor(code as IssueCode))
    }
    expect(anchors.size).toBe(Object.keys(issueCodes).length)
  })
})
