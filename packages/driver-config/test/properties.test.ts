import fc from 'fast-check'
import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import {
  type ConfigIssue,
  convertUnit,
  type DriverConfigEnvelope,
  defineDriverConfig,
  EnvelopeError,
  encodeEnvelope,
  exclusive,
  formatIssues,
  lintEnvelope,
  operations,
  rename,
  rule,
  selectBlock,
  setDefault,
  unique,
  withDefault,
} from '../src/index.js'
import { plainConfig, ruledConfig } from './sample-config.js'
import { emptyExamples } from './version-examples.js'

const runs = { numRuns: 400, seed: 20_270_131 }
const optional = Type.Optional
const name = Type.String({ minLength: 1, maxLength: 20 })

const first = Type.Object({
  timeout: withDefault(Type.Integer({ minimum: 0, maximum: 1_000 }), 30),
  mode: optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
  mounts: optional(Type.Array(Type.Object({ from: name, ro: optional(Type.Boolean()) }), { maxItems: 4 })),
})
const second = Type.Object({
  timeout_ms: withDefault(Type.Integer({ minimum: 0 }), 60_000),
  mode: withDefault(Type.Union([Type.Literal('a'), Type.Literal('b')]), 'b'),
  mounts: optional(Type.Array(Type.Object({ source: name, ro: optional(Type.Boolean()) }), { maxItems: 4 })),
})
const third = Type.Object({
  limits: withDefault(Type.Object({ timeout_ms: withDefault(Type.Integer({ minimum: 0 }), 60_000) }), {}),
  mode: withDefault(Type.Union([Type.Literal('a'), Type.Literal('b')]), 'a'),
  mounts: withDefault(Type.Array(Type.Object({ source: name, read_only: Type.Boolean() }), { maxItems: 4 }), []),
})

/** Three versions: one hop made of operations, one made of code that notes what it loses. */
const chain = defineDriverConfig('acme')
  .version(1, first, emptyExamples)
  .version(2, second, {
    ...emptyExamples,
    up: operations(
      rename('timeout', 'timeout_ms'),
      convertUnit('timeout_ms', { from: 's', to: 'ms' }),
      rename('mounts[].from', 'source'),
      setDefault('mode', 'b'),
    ),
  })
  .version(3, third, {
    ...emptyExamples,
    replaces: { timeout_ms: 'limits.timeout_ms', 'mounts[].ro': 'mounts[].read_only' },
    up({ timeout_ms, mode, mounts = [] }, note) {
      if (mounts.some((mount) => mount.ro === undefined)) note('took mounts without "ro" for writable ones')
      return {
        limits: { timeout_ms },
        mode,
        mounts: mounts.map(({ source, ro = false }) => ({ source, read_only: ro })),
      }
    },
    down: ({ limits, mode, mounts }) => ({
      timeout_ms: limits.timeout_ms,
      mode,
      mounts: mounts.map(({ source, read_only }) => ({ source, ro: read_only })),
    }),
  })
  .build({
    rules: [
      unique('mounts[]', 'source'),
      rule('short', { reads: ['limits.timeout_ms'] }, ({ value, fail }) => {
        if ((value.limits?.timeout_ms ?? 0) > 900_000) fail('limits.timeout_ms', 'RULE_FAILED', { problem: 'is long' })
      }),
    ],
  })

const firstDocument = fc.record(
  {
    timeout: fc.integer({ min: 0, max: 800 }),
    mode: fc.constantFrom('a', 'b'),
    mounts: fc.uniqueArray(
      fc.record({ from: fc.string({ minLength: 1, maxLength: 9 }), ro: fc.boolean() }, { requiredKeys: ['from'] }),
      { maxLength: 3, selector: (mount) => mount.from },
    ),
  },
  { requiredKeys: [] },
)

describe('a migration', () => {
  const migrate = (block: unknown, to: number) => {
    const result = chain.migrate(block, { to })
    if (!result.ok) throw new Error(formatIssues(result.issues))
    return { value: result.value, notes: result.warnings.map((issue) => issue.message) }
  }

  test('gives in one go what it gives in two, up and down', () => {
    fc.assert(
      fc.property(firstDocument, (block) => {
        const half = migrate(block, 2)
        const whole = migrate(block, 3)
        const rest = migrate(half.value, 3)
        expect(rest.value).toEqual(whole.value)
        expect([...half.notes, ...rest.notes].sort()).toEqual([...whole.notes].sort())
        expect(migrate(migrate(whole.value, 2).value, 1).value).toEqual(migrate(whole.value, 1).value)
      }),
      runs,
    )
  })

  test('to the version that a document has changes nothing but defaults', () => {
    fc.assert(
      fc.property(firstDocument, (block) => {
        const same = migrate(block, 1).value
        expect(same).toEqual({ schema_version: 1, timeout: 30, ...block })
        expect(migrate(same, 1).value).toEqual(same)
      }),
      runs,
    )
  })
})

/** Codes whose place is a member that is not there. */
const missing = new Set(['FIELD_REQUIRED', 'VARIANT_MISSING', 'FIELD_NEEDS_OTHER'])

function findMember(document: unknown, pointer: string): { readonly found: boolean; readonly value?: unknown } {
  let value = document
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return { found: false }
    value = Reflect.get(value, key)
  }
  return { found: true, value }
}

function expectPlace(document: unknown, issue: ConfigIssue): void {
  if (findMember(document, issue.pointer).found) return
  expect(missing).toContain(issue.code)
  const parent = findMember(document, issue.pointer.slice(0, issue.pointer.lastIndexOf('/')))
  expect(parent.value).toBeTypeOf('object')
}

/** Keys and values that lie near the schemas, so that most documents are wrong in several places. */
const nearby = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(
      null,
      true,
      'a',
      'bind',
      'tmpfs',
      '',
      'x/y~z',
      'AKIAABCDEFGHIJKLMNOP',
      0,
      1.5,
      -1,
      999_999,
      2 ** 60,
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(
    fc.constantFrom(
      ...['timeout', 'timeout_ms', 'limits', 'mode', 'mounts', 'from', 'source', 'ro', 'read_only', 'type', 'target'],
      ...['name', 'count', 'labels', 'nested', 'deep', 'level', 'pair', 'a/b', '~', '', 'schemaVersion', 'mounts[0]'],
    ),
    tie('value'),
    { maxKeys: 5 },
  ),
}))
const nearbyBlock = fc
  .tuple(nearby['object'] as fc.Arbitrary<object>, fc.constantFrom(undefined, 1, 2, 3))
  .map(([block, version]) => (version === undefined ? block : { ...block, schema_version: version }))

describe('every place in a report', () => {
  const strict = defineDriverConfig('acme')
    .version(1, third, emptyExamples)
    .build({ rules: [exclusive('mode', 'mounts'), unique('mounts[]', 'source')] })

  test('is in the document, or is a member that its object does not have', () => {
    const codes = new Set<string>()
    fc.assert(
      fc.property(nearbyBlock, (block) => {
        for (const config of [chain, strict, plainConfig, ruledConfig]) {
          const result = config.safeParse(block, { strict: true })
          for (const issue of [...(result.ok ? [] : result.issues), ...result.warnings]) {
            codes.add(issue.code)
            expectPlace(block, issue)
          }
        }
      }),
      runs,
    )
    expect(codes.size).toBeGreaterThan(12)
  })

  test('is in the document of an older version, for rules of the current one', () => {
    const late = fc.record({
      timeout: fc.integer({ min: 0, max: 1_000 }),
      mounts: fc.array(fc.record({ from: fc.constantFrom('x', 'y') }), { minLength: 2, maxLength: 4 }),
    })
    const pointers = new Set<string>()
    fc.assert(
      fc.property(late, (block) => {
        const result = chain.safeParse(block)
        for (const issue of result.ok ? [] : result.issues) {
          pointers.add(issue.pointer)
          expectPlace(block, issue)
        }
      }),
      runs,
    )
    expect([...pointers].sort()).toEqual(['/mounts/1/from', '/mounts/2/from', '/mounts/3/from', '/timeout'])
  })
})

class Foreign {
  readonly size = 1
  get broken(): never {
    throw new Error('hunter2')
  }
}

const fail = (): never => {
  throw new Error('hunter2')
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

/** What no JSON text can say, made anew for each document. */
const hostile = fc.constantFrom<(() => unknown)[]>(
  () => Object.defineProperty({}, 'a', { get: fail, enumerable: true }),
  () => ({ encode: fail, driverName: 'acme' }),
  () => ({ encode: () => revoked() }),
  () => ({ encode: () => undefined }),
  () => new Proxy({}, { ownKeys: fail }),
  () => new Proxy({}, { get: fail, getPrototypeOf: fail, has: fail }),
  () => new Proxy({ a: 1 }, { getOwnPropertyDescriptor: fail }),
  () => new Proxy([], { get: (target, key) => (key === 'length' ? 2 ** 53 - 1 : Reflect.get(target, key)) }),
  revoked,
  () => new Foreign(),
  () => Object.create({ inherited: 1 }, { hidden: { value: 1 } }),
  () => ({ [Symbol('s')]: 1, [Symbol.toPrimitive]: fail, toJSON: fail, toString: fail }),
  () => {
    const cycle: Record<string, unknown> = { list: [] }
    cycle['self'] = cycle
    cycle['list'] = [cycle, cycle]
    return cycle
  },
  () => Array.from({ length: 60 }).reduce((value) => ({ a: value, b: [value, value] }), {} as unknown),
  () => Object.assign([], { 5: 'sparse', extra: 1 }),
  () => JSON.parse('{"__proto__": {"size": 1}, "constructor": {"prototype": {}}}'),
  () => ({ 'key\ud800': 'text\udc00' }),
  () => ({ size: 'x'.repeat(3_000_000), ['k'.repeat(200_000)]: 1 }),
  () => Object.fromEntries(Array.from({ length: 6_000 }, (_, index) => [`key-${index}`, index])),
  () => Array.from({ length: 20_000 }).reduce((value) => [value], 0 as unknown),
  () => new Map([['a', 1]]),
  () => Promise.resolve(1),
  () => new WeakRef({}),
)

const anyObject = fc.anything({
  maxDepth: 4,
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
} as fc.ObjectConstraints)
// Makers of documents: the library itself looks into what it generates.
type Make = () => unknown
const still =
  (value: unknown): Make =>
  () =>
    value
const plain: fc.Arbitrary<Make> = fc.oneof(hostile, anyObject.map(still), nearbyBlock.map(still))
const within = (keys: readonly string[], member: fc.Arbitrary<Make>): fc.Arbitrary<Make> =>
  fc
    .dictionary(fc.constantFrom(...keys), member)
    .map((makers) => () => Object.fromEntries(Object.entries(makers).map(([key, make]) => [key, make()])))
const anything = fc.oneof(plain, within(['timeout', 'mode', 'mounts', 'nested', 'mystery'], plain))
const anyEnvelope = fc.oneof(anything, within(['acme', 'docker', '__proto__', 'a\ud800'], anything))

describe('no object that a caller can build makes', () => {
  const options = { checkers: [chain, plainConfig], activeDriver: 'acme' }

  test('lintEnvelope or selectBlock throw', () => {
    const verdicts = new Set<string>()
    fc.assert(
      fc.property(anyEnvelope, (make) => {
        const value = make()
        const lint = lintEnvelope(value as DriverConfigEnvelope, options)
        for (const block of lint.blocks) verdicts.add(block.verdict)
        for (const warning of [...lint.warnings, ...selectBlock(value as DriverConfigEnvelope, 'acme').warnings]) {
          verdicts.add(warning.code)
        }
        expect(JSON.stringify(lint).includes('hunter2')).toBe(false)
      }),
      runs,
    )
    const all = [
      'accepted',
      'refused',
      'unchecked',
      'NO_BLOCK_FOR_DRIVER',
      'ENVELOPE_NOT_READABLE',
      'BLOCK_NOT_READABLE',
    ]
    expect([...verdicts].sort()).toEqual(all.sort())
  })

  test('encodeEnvelope throw anything but its own error', () => {
    fc.assert(
      fc.property(anyEnvelope, (make) => {
        const value = make()
        try {
          encodeEnvelope(value as DriverConfigEnvelope)
        } catch (error) {
          expect(error).toBeInstanceOf(EnvelopeError)
          expect(String(error)).not.toContain('hunter2')
        }
      }),
      runs,
    )
  })

  test('a config throw, wherever it takes a block', async () => {
    const takers: readonly ((value: unknown) => unknown)[] = [
      (value) => chain.safeParse(value),
      (value) => chain.check(value, { strict: true, policy: { allowExperimental: false } }),
      (value) => chain.migrate(value, { to: 1 }),
      (value) => chain.restore(value),
      (value) => chain.restore({ schema_version: 2, driver_version: '1', digest: '', config: value }),
      (value) => chain.at(2)?.check(value),
      (value) => chain['~standard'].validate(value),
      (value) => ruledConfig.safeParse(value),
    ]
    fc.assert(
      fc.property(anything, (make) => {
        for (const take of takers) expect(JSON.stringify(take(make()))).not.toContain('hunter2')
      }),
      runs,
    )
    await fc.assert(
      fc.asyncProperty(anything, async (make) => {
        expect(await chain.checkResources(make() as never)).toEqual([])
      }),
      runs,
    )
  })
})
