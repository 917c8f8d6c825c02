import { createHash } from 'node:crypto'
import { Ajv } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { lineageOf } from '../src/define/lineage-of.js'
import type { JsonObject, JsonValue } from '../src/envelope/index.js'
import { lintEnvelope } from '../src/envelope/index.js'
import {
  DefinitionError,
  type DriverConfig,
  defineDriverConfig,
  loadPublishedConfig,
  noDriverConfig,
  type PublishConfigOptions,
  publishConfig,
  publishEnvelope,
  readConformance,
  requires,
  withDefault,
} from '../src/index.js'
import { anyJson } from '../src/testing/any-json.js'
import { generateValue } from '../src/testing/generate-value.js'
import { mutateValue } from '../src/testing/mutate-value.js'
import { seededRandom } from '../src/testing/seeded-random.js'
import { docker } from './acceptance/container-configs.js'
import { kubernetes } from './acceptance/kubernetes-config.js'
import { plainConfig, ruledConfig } from './sample-config.js'
import { emptyExamples } from './version-examples.js'

const seed = Number(process.env['DRIVER_CONFIG_FUZZ_SEED'] ?? 20_270_131)
const runs = 100

/** Versions of which one is gone; what an unmarked block means is not read any more. */
const laterConfig = defineDriverConfig('later')
  .removed(1, { in: '2.0.0', lastReader: '1.9' })
  .version(2, Type.Object({ size_gib: Type.Optional(Type.Integer({ minimum: 1 })) }), {
    examples: { ...emptyExamples.examples, full: { size_gib: 4 } },
    deprecated: { size_gib: { since: '2.1.0', message: 'Use size_mib.', replacedBy: ['size_mib'], removedIn: 3 } },
  })
  .version(
    3,
    Type.Object({
      size_mib: withDefault(Type.Integer({ minimum: 1_024, maximum: 65_536 }), 2_048),
      name: Type.Optional(Type.String({ maxLength: 8 })),
      tag: Type.Optional(Type.String()),
    }),
    {
      examples: { ...emptyExamples.examples, full: { size_mib: 2_048, name: 'a', tag: 'b' } },
      rules: [requires('tag', 'name')],
      up: ({ size_gib }) => (size_gib === undefined ? {} : { size_mib: size_gib * 1_024 }),
    },
  )
  .build({ limits: { depth: 6, keys: 100 } })

const configs = [
  plainConfig,
  ruledConfig,
  laterConfig,
  docker,
  kubernetes,
] as readonly unknown[] as readonly DriverConfig<unknown>[]
const rows = configs.map((config, index) => [config.driverName, index, config] as const)

function readFiles(config: DriverConfig<unknown>, options?: PublishConfigOptions): (name: string) => JsonObject {
  const { files } = publishConfig(config, options)
  return (name) => JSON.parse(files.find((file) => file.name === name)?.text ?? 'null') as JsonObject
}

const compile2020 = (schema: JsonObject) => new Ajv2020({ strict: false, validateFormats: false }).compile(schema)
const compile07 = (schema: JsonObject) => new Ajv({ strict: false, validateFormats: false }).compile(schema)

/** Documents around those that a version accepts. */
function documentsOf(config: DriverConfig<unknown>): JsonValue[] {
  const random = seededRandom(seed)
  return [...(lineageOf(config)?.versions.values() ?? [])].flatMap(({ number, node }) =>
    Array.from({ length: runs }, (_, run) => {
      const valid = { schema_version: number, ...(generateValue(random, node) as object) }
      return run % 2 === 0 ? valid : mutateValue(random, valid, anyJson)
    }),
  )
}

describe('documents for editors', () => {
  test.each(rows)(
    `%s %i: give the verdict of 2020-12, in ${runs} blocks a version (seed ${seed})`,
    (...[, , config]) => {
      const file = readFiles(config)
      const editors = file('draft-07/bundle.schema.json')
      const [later, earlier] = [compile2020(file('bundle.schema.json')), compile07(editors)]
      const documents = documentsOf(config)
      expect(documents.filter((document) => later(document) !== earlier(document))).toEqual([])
      const accepted = documents.filter((document) => later(document)).length
      expect(Math.min(accepted, documents.length - accepted)).toBeGreaterThan(10)
      for (const { version } of config.schemas()) {
        const { $schema: _, $id: __, ...schema } = file(`draft-07/v${version}.schema.json`)
        expect(editors['definitions']).toHaveProperty(`v${version}`, schema)
      }
    },
  )
})

describe('the schema of an envelope', () => {
  const envelopeConfigs = { later: laterConfig, docker, plain: noDriverConfig('plain') }
  const [later, editors] = publishEnvelope(envelopeConfigs, { baseUrl: 'https://cdn.example/all' })
  const forms = [
    ['2020-12', compile2020(later?.value ?? {})],
    ['draft-07', compile07(editors?.value ?? {})],
  ] as const

  test.each(forms)('%s: gives the verdict of the lint of every block that it knows', (_, accepts) => {
    const blocks: JsonObject[] = [
      {},
      { later: { schema_version: 3, size_mib: 2_048 } },
      { later: { size_mib: 2_048 } },
      { later: { schema_version: 2, size_mib: 2_048 } },
      { later: { schema_version: 3 }, docker: { mounts: [] }, plain: {} },
      { later: { schema_version: 3 }, docker: { mount: [] } },
      { docker: null },
      { docker: [] },
      { plain: { schema_version: 1 } },
      { unknown: { anything: 1 }, other: null },
      { later: { schema_version: 3, tag: 'x' } },
    ]
    const checkers = Object.values(envelopeConfigs)
    const expected = blocks.map((block) =>
      lintEnvelope(block as never, { checkers }).blocks.every(({ verdict }) => verdict !== 'refused'),
    )
    expect(blocks.map((block) => accepts(block))).toEqual(expected)
    expect(expected.filter((ok) => ok)).toHaveLength(4)
  })

  test('knows a driver under every key that gateways have for it, and says so', () => {
    const file = readFiles(laterConfig, { aliases: ['later-gpu'], baseUrl: 'https://cdn.example/later/' })
    const schema = file('envelope.schema.json')
    const accepts = compile2020(schema)
    const block = { schema_version: 3, size_gib: 1 }
    expect([{ later: block }, { 'later-gpu': block }, { other: block }].map((each) => accepts(each))).toEqual([
      false,
      false,
      true,
    ])
    expect(schema).toMatchObject({
      $id: 'https://cdn.example/later/envelope.schema.json',
      'x-envelope': {
        envelope_format: 1,
        blocks: [
          { key: 'later', driver: 'later', min: 2, max: 3, unversioned: 1 },
          { key: 'later-gpu', driver: 'later' },
        ],
      },
    })
    expect(file('index.json')['aliases']).toEqual(['later-gpu'])
  })

  test('is made of bundles as well', () => {
    const loaded = loadPublishedConfig(publishConfig(laterConfig).bundle.text)
    const made = publishEnvelope({ later: loaded }, { baseUrl: 'https://cdn.example/all' })
    expect(made).toEqual(publishEnvelope({ later: laterConfig }, { baseUrl: 'https://cdn.example/all' }))
  })

  test.each([
    ['a key', () => publishEnvelope({ 'a.b': docker }, { baseUrl: 'https://a.example' })],
    ['an alias', () => publishConfig(laterConfig, { aliases: [''] })],
    ['an address', () => publishEnvelope({ docker }, { baseUrl: 'schemas' })],
  ])('is refused for %s that cannot be', (_, publish) => {
    expect(publish).toThrow(DefinitionError)
  })
})

describe('the conformance vectors', () => {
  test.each(rows)('%s %i: hold for the config and for its bundle', (...[, , config]) => {
    const { files, bundle } = publishConfig(config)
    const text = files.find(({ name }) => name === 'conformance.json')?.text ?? ''
    const loaded = loadPublishedConfig(bundle.value)
    const isWhole = loaded.driverOnly.length === 0
    const blocks = readConformance(text)
    expect(new Set(blocks.map(({ id }) => id)).size).toBe(blocks.length)
    for (const judge of isWhole ? [config, loaded] : [config]) {
      const wrong = blocks.filter(({ block, expect: expected, hidden }) => {
        const result = judge.safeParse(block)
        const told = (issues: readonly { code: string; path: string }[]) =>
          issues.map(({ code, path }) => ({ code, path }))
        const shown = result.ok
          ? { ok: true, declared_version: result.declaredVersion, warnings: told(result.warnings) }
          : { ok: false, issues: told(result.issues) }
        const { hides_made: _, current, ...verdict } = expected as Record<string, unknown>
        if (JSON.stringify(verdict) !== JSON.stringify(shown)) return true
        if (hidden !== undefined && JSON.stringify(result).includes(hidden)) return true
        const value = result.ok ? { schema_version: config.versions.max, ...Object(result.value) } : undefined
        return current !== undefined && JSON.stringify(current) !== JSON.stringify(value)
      })
      expect(wrong).toEqual([])
    }
  })

  test('look at every group, and hide what no file should hold', () => {
    const blocks = readConformance(readFiles(docker as never)('conformance.json'))
    const later = readConformance(readFiles(laterConfig)('conformance.json'))
    const groups = new Set([...blocks, ...later].map(({ id }) => id.split('/')[0]))
    expect([...groups].sort()).toEqual(
      [
        ...['bounds', 'enum', 'errors', 'examples', 'limits', 'marker', 'null', 'required', 'secrets', 'selected'],
        ...['types', 'unknown'],
      ].sort(),
    )
    expect(later.filter(({ id }) => id.startsWith('limits/')).map(({ expect: { ok } }) => ok)).toEqual(
      Array.from({ length: 6 }, () => false),
    )
    const hidden = later.filter((each) => each.hidden !== undefined)
    expect(hidden.length).toBeGreaterThan(0)
    expect(hidden.every(({ block, hidden = '' }) => JSON.stringify(block).includes(hidden))).toBe(true)
  })

  test.each([
    ['no JSON', '{', 'no JSON'],
    ['another document', { index_format: 1 }, 'This is no conformance document'],
    ['a later format', { conformance_format: 2, bases: {}, vectors: [] }, 'another format than 1; update this package'],
    ['a vector without an id', { conformance_format: 1, bases: {}, vectors: [{}] }, 'has no id'],
    ['a base that is not there', vectorOf({ base: 'v9/full' }), 'The block of the vector "a" cannot be built'],
    ['a step to nowhere', vectorOf({ patch: [{ op: 'replace', path: '/x/y', value: 1 }] }), 'the end of /x/y'],
    ['a recipe without end', vectorOf({ make: { path: '/x', recipe: { kind: 'keys', times: 1e12 } } }), 'too much'],
  ])('are refused for %s', (_, document, problem) => {
    expect(() => readConformance(document)).toThrow(problem)
  })

  function vectorOf(change: object): object {
    return { conformance_format: 1, bases: {}, vectors: [{ id: 'a', expect: { ok: true }, ...change }] }
  }
})

describe('the index of what is published', () => {
  test('names every other file with its address and its digest', () => {
    const docs = new Map([[3, '# Version 3\n']])
    const { files } = publishConfig(laterConfig, { docs })
    const index = files.find(({ name }) => name === 'index.json')?.text ?? ''
    const named: { $id: string; file: string; digest: string }[] = []
    JSON.parse(index, (_, value) => {
      if (typeof value?.file === 'string') named.push(value)
      return value
    })
    const others = files.filter(({ name }) => name !== 'index.json')
    const expected = others.map(({ name, text }) => ({
      $id: `https://later.driver.openshell/schemas/later/${name}`,
      file: name,
      digest: `sha256:${createHash('sha256').update(text).digest('hex')}`,
    }))
    const byName = (a: { file: string }, b: { file: string }) => (a.file < b.file ? -1 : 1)
    expect(named.map(({ $id, file, digest }) => ({ $id, file, digest })).sort(byName)).toEqual(expected.sort(byName))
  })
})
