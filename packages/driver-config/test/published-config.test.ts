import { Ajv2020 } from 'ajv/dist/2020.js'
import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { lineageOf } from '../src/define/lineage-of.js'
import { encodeEnvelope, envelope, lintEnvelope } from '../src/envelope/index.js'
import {
  type ConfigIssue,
  convertUnit,
  DefinitionError,
  type DriverConfig,
  defineDriverConfig,
  drop,
  gate,
  implies,
  loadPublishedConfig,
  mapEnum,
  noDriverConfig,
  operations,
  type PublishedConfig,
  publishConfig,
  rename,
  requires,
  rule,
  unique,
  withDefault,
} from '../src/index.js'
import { generateValue } from '../src/testing/generate-value.js'
import { seededRandom } from '../src/testing/seeded-random.js'
import { docker, podman } from './acceptance/container-configs.js'
import { kubernetes } from './acceptance/kubernetes-config.js'
import { appleContainer, dockerSandboxes, lxd, mxc, nexus, substrate, vm } from './acceptance/other-configs.js'
import { mutateValue } from './random-document.js'
import { plainConfig, ruledConfig } from './sample-config.js'
import { emptyExamples } from './version-examples.js'

const seed = Number(process.env['DRIVER_CONFIG_FUZZ_SEED'] ?? 20_270_131)
const runs = 200

const optional = Type.Optional
const networks = Type.Union([Type.Literal('none'), Type.Literal('host')])

/** Steps of operations and of code, rules of both kinds, a gate, a lookup, deprecations, and a version that is gone. */
const portableConfig = defineDriverConfig('acme', {
  domain: 'acme.example',
  unversioned: 2,
  migrateCommand: 'acme-driver config migrate',
  secretAlternative: 'use a provider instead',
})
  .removed(1, { in: '2.0.0', lastReader: '1.9' })
  .version(
    2,
    Type.Object({
      size_gib: optional(Type.Integer({ minimum: 1, maximum: 64 })),
      net: optional(networks),
      old: optional(Type.String()),
    }),
    { ...emptyExamples, since: '1.0.0', status: 'deprecated' },
  )
  .version(
    3,
    Type.Object({
      size_mib: optional(Type.Integer({ minimum: 1_024, maximum: 65_536 })),
      network: optional(Type.Union([Type.Literal('off'), Type.Literal('host')])),
      tag: optional(Type.String({ maxLength: 8, 'x-experimental': true })),
    }),
    {
      ...emptyExamples,
      up: operations(
        rename('size_gib', 'size_mib'),
        convertUnit('size_mib', { from: 'Gi', to: 'Mi' }),
        rename('net', 'network'),
        mapEnum('network', { none: 'off', host: 'host' }),
        drop('old', { reason: 'it had no effect' }),
      ),
      rules: [
        implies({ field: 'network', is: 'host' }, { field: 'size_mib', is: 1_024 }),
        requires('tag', 'network'),
        { ...requires('network', 'size_mib'), enforce: 'warn' },
      ],
      deprecated: { 'network=host': { since: '3.0.0', message: 'Use off.', replacedBy: ['network'] } },
    },
  )
  .version(
    4,
    Type.Object({
      size_mib: withDefault(Type.Integer({ minimum: 1_024, maximum: 65_536 }), 2_048),
      names: optional(Type.Array(Type.Object({ name: Type.String({ maxLength: 8 }) }))),
    }),
    {
      ...emptyExamples,
      replaces: { tag: 'names' },
      up: ({ size_mib }) => (size_mib === undefined ? {} : { size_mib }),
    },
  )
  .build({
    limits: { depth: 8, keys: 64 },
    rules: [
      unique('names[]', 'name'),
      rule('own', { reads: ['size_mib'], description: 'sizes are even' }, () => undefined),
    ],
    gates: [gate('large-disks', () => undefined)],
    resources: [{ what: 'name', path: 'names[].name', lookUp: async () => 'found' }],
  })

const configs: readonly DriverConfig<unknown>[] = [
  plainConfig,
  ruledConfig,
  portableConfig,
  appleContainer,
  docker,
  dockerSandboxes,
  kubernetes,
  lxd,
  mxc,
  nexus,
  podman,
  substrate,
  vm,
] as readonly unknown[] as readonly DriverConfig<unknown>[]

describe('a config that was loaded from its bundle', () => {
  test.each(configs.map((config, index) => [config.driverName, index, config] as const))(
    `%s %i: gives the driver's verdict but for its driver-only rules, in ${runs} documents a version (seed ${seed})`,
    (_, __, config) => {
      const loaded = loadPublishedConfig(publishConfig(config).bundle.text)
      const random = seededRandom(seed)
      const lineage = lineageOf(config)
      const verdicts = { accepted: 0, refused: 0 }
      const differences: unknown[] = []
      for (const version of lineage?.versions.values() ?? []) {
        for (let run = 0; run < runs; run += 1) {
          const valid = { schema_version: version.number, ...(generateValue(random, version.node) as object) }
          const document = run % 2 === 0 ? valid : mutateValue(random, valid)
          const own = config.check(document)
          const [expected, found] = [own, loaded.check(document)].map((each) => verdictOf(each, loaded))
          // One comparison of texts: an assertion for each of the documents takes longer than all checks.
          if (JSON.stringify(expected) !== JSON.stringify(found)) differences.push({ document, expected, found })
          verdicts[own.ok ? 'accepted' : 'refused'] += 1
          if (!upgradesAlike(config, loaded, document)) differences.push({ document })
        }
      }
      expect(differences).toEqual([])
      expect(Math.min(verdicts.accepted, verdicts.refused)).toBeGreaterThan(10)
    },
  )

  test('says what only the driver can judge', () => {
    const { driverOnly } = loadPublishedConfig(publishConfig(portableConfig).bundle.value)
    expect(driverOnly).toEqual([
      { kind: 'rule', name: 'unique-names-name@1', version: 4, description: 'each name in names[] is used once' },
      { kind: 'rule', name: 'own@1', version: 4, description: 'sizes are even' },
      { kind: 'migration', name: '3 to 4', version: 3 },
      { kind: 'gate', name: 'large-disks' },
      { kind: 'lookup', name: 'names[].name', description: 'name' },
    ])
  })

  test('migrates as far as the steps are operations, and says where they end', () => {
    const loaded = loadPublishedConfig(publishConfig(portableConfig, { driverVersion: '4.1.0' }).bundle.value)
    const block = { size_gib: 2, net: 'none', old: 'x' }
    expect(loaded.migrate(block, { to: 3 })).toMatchObject({
      ok: true,
      value: { schema_version: 3, size_mib: 2_048, network: 'off' },
      warnings: [{ code: 'VERSION_DEPRECATED' }, { code: 'MIGRATION_LOSSY' }],
    })
    expect(loaded.check(block).ok).toBe(true)
    expect(loaded.safeParse(block)).toMatchObject({
      ok: false,
      issues: [
        {
          code: 'MIGRATION_NOT_PORTABLE',
          fault: 'environment',
          message:
            'driver_config: only driver acme 4.1.0 itself can bring a block from schema_version 3 to 4. Write the block for schema_version 4, or leave the upgrade to the driver.',
        },
      ],
    })
    expect(loaded.migrate({ schema_version: 4 }, { to: 3 })).toMatchObject({ issues: [{ code: 'MIGRATION_FAILED' }] })
  })

  test('speaks of the driver that published it, of gone versions and of its limits', () => {
    const loaded = loadPublishedConfig(publishConfig(portableConfig, { driverVersion: '4.1.0' }).bundle.value)
    const messages = [{ schema_version: 5 }, { schema_version: 1 }, { names: [[[[[[[[0]]]]]]]] }, { tag: 'x' }].map(
      (block) => messageOf(loaded.check(block)),
    )
    const own = [{ schema_version: 5 }, { schema_version: 1 }, { names: [[[[[[[[0]]]]]]]] }, { tag: 'x' }].map(
      (block) => messageOf(portableConfig.check(block, { driverVersion: '4.1.0' })),
    )
    expect(messages).toEqual(own)
    expect(messages[0]).toContain('driver acme 4.1.0 supports 2 to 4')
  })

  test("speaks of free keys and whole numbers in the driver's words", () => {
    const loaded = loadPublishedConfig(publishConfig(plainConfig).bundle.value)
    const block = { schema_version: 2, labels: { 'a\nb': 'x' }, nested: { deep: { level: 1e300 } }, limit: -1 }
    const own = plainConfig.check(block)
    expect(own).toMatchObject({ ok: false, issues: [{}, {}, {}] })
    expect(loaded.check(block)).toEqual(own)
  })

  test('tells the branches of a union apart by the member that the driver takes', () => {
    const union = Type.Union([
      Type.Object({ kind: Type.Literal('b'), type: Type.Literal('x') }),
      Type.Object({ type: Type.Literal('y'), kind: Type.Literal('a') }),
    ])
    const config = defineDriverConfig('acme')
      .version(1, Type.Object({ one: optional(union) }), emptyExamples)
      .build()
    const block = { one: { kind: 'c', type: 'y' } }
    const result = loadPublishedConfig(publishConfig(config).bundle.value).check(block)
    expect(result).toMatchObject({ issues: [{ code: 'VARIANT_UNKNOWN', path: 'driver_config.one.kind' }] })
    expect(config.check(block)).toMatchObject({ issues: [{ code: 'VARIANT_UNKNOWN', path: 'driver_config.one.kind' }] })
  })

  test('builds blocks for an envelope, and lints one', () => {
    const loaded = loadPublishedConfig(publishConfig(portableConfig).bundle.value)
    expect(encodeEnvelope(envelope(loaded.block({ size_mib: 4_096 })))).toEqual({
      acme: { schema_version: 4, size_mib: 4_096 },
    })
    const lint = lintEnvelope({ acme: { size_mb: 1 }, docker: { x: 1 } }, { checkers: [loaded] })
    expect(lint.blocks).toMatchObject([
      { verdict: 'refused', issues: [{ code: 'UNKNOWN_FIELD' }] },
      { verdict: 'unchecked', issues: [] },
    ])
  })

  test('describes itself and shows examples as the declared one does', () => {
    const loaded = loadPublishedConfig(publishConfig(plainConfig).bundle.value)
    expect(loaded.describe()).toEqual(plainConfig.describe())
    expect(loaded.schemas()).toEqual(plainConfig.schemas())
    expect(loaded['~standard'].validate({ schema_version: 2 })).toEqual(
      plainConfig['~standard'].validate({ schema_version: 2 }),
    )
  })
})

describe('the published documents', () => {
  const published = publishConfig(portableConfig, { driverVersion: '4.1.0' })
  const file = (name: string) => JSON.parse(published.files.find((each) => each.name === name)?.text ?? '{}')

  test('have stable names and addresses', () => {
    const address = (name: string) => [name, `https://acme.example/schemas/acme/${name}`]
    expect(published.files.map(({ name, text }) => [name, JSON.parse(text).$id])).toEqual([
      ['index.json', undefined],
      ...['v2', 'v3', 'v4'].flatMap((name) => [`${name}.schema.json`, `draft-07/${name}.schema.json`]).map(address),
      ...['bundle', 'envelope'].flatMap((name) => [`${name}.schema.json`, `draft-07/${name}.schema.json`]).map(address),
      ['lineage.json', undefined],
      ['conformance.json', undefined],
    ])
    expect(publishConfig(portableConfig, { baseUrl: 'https://cdn.example/a' }).bundle.value['$id']).toBe(
      'https://cdn.example/a/bundle.schema.json',
    )
    expect(() => publishConfig(portableConfig, { baseUrl: '/schemas' })).toThrow(
      'the option "baseUrl" is no absolute URL',
    )
  })

  test('are the same texts each time', () => {
    const again = publishConfig(portableConfig, { driverVersion: '4.1.0' })
    expect(again.files.map(({ text }) => text)).toEqual(published.files.map(({ text }) => text))
    expect(publishConfig(portableConfig).digest).not.toBe(published.digest)
  })

  test('list versions, digests, limits and what is gone in the index', () => {
    expect(file('index.json')).toMatchObject({
      index_format: 1,
      driver: 'acme',
      driver_version: '4.1.0',
      min: 2,
      max: 4,
      unversioned: 2,
      versions: [
        { version: 2, status: 'deprecated', since: '1.0.0', file: 'v2.schema.json', unknown_keys: 'refuse', bags: [] },
        { version: 3, shape_digest: portableConfig.describe().each[1]?.shapeDigest },
        { version: 4 },
      ],
      removed: [{ version: 1, in: '2.0.0', last_reader: '1.9' }],
      reserved_names: ['schema_version', '$schema'],
      limits: { depth: 8, keys: 64, items: 1_024 },
      bundle: { file: 'bundle.schema.json' },
    })
    expect(file('bundle.schema.json')['x-bundle'].digest).toBe(published.digest)
  })

  test('hold one schema of all versions that the marker selects from', () => {
    const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(published.bundle.value)
    expect(
      [{}, { size_gib: 1 }, { schema_version: 3, size_mib: 2_048 }, { schema_version: 4 }].map((block) =>
        accepts(block),
      ),
    ).toEqual([true, true, true, true])
    expect(
      [{ size_mib: 2_048 }, { schema_version: 5 }, { schema_version: 3, tag: 'x' }, []].map((block) => accepts(block)),
    ).toEqual([false, false, false, false])
  })

  test('hold the steps as data, with what they make of the examples, and code as an opaque step', () => {
    const config = defineDriverConfig('acme')
      .version(1, Type.Object({ net: optional(networks), ro: withDefault(Type.Boolean(), true) }), {
        examples: { ...emptyExamples.examples, full: { net: 'none' } },
      })
      .version(2, Type.Object({ network: optional(networks), read_only: optional(Type.Boolean()) }), {
        ...emptyExamples,
        up: operations(rename('net', 'network'), rename('ro', 'read_only')),
      })
      .version(3, Type.Object({ network: optional(networks) }), {
        ...emptyExamples,
        replaces: { read_only: 'network' },
        up: ({ network }) => (network === undefined ? {} : { network }),
      })
      .build()
    const lineage = publishConfig(config).files.find(({ name }) => name === 'lineage.json')
    expect(JSON.parse(lineage?.text ?? '')).toEqual({
      lineage_format: 1,
      driver: 'acme',
      hops: [
        {
          from: 1,
          to: 2,
          ops: [
            { op: 'rename', path: 'net', to: 'network' },
            { op: 'rename', path: 'ro', to: 'read_only' },
          ],
          down: 'operations',
          replaces: {},
          vectors: [
            { in: { ro: true }, out: { read_only: true } },
            { in: { net: 'none', ro: true }, out: { network: 'none', read_only: true } },
          ],
        },
        {
          from: 2,
          to: 3,
          ops: [{ op: 'code', name: 'up', opaque: true, replaces: { read_only: 'network' } }],
          down: 'none',
          replaces: { read_only: 'network' },
          vectors: [{ in: {}, out: {} }],
        },
      ],
    })
  })

  test('are refused for what has nothing to publish, or cannot be carried', () => {
    expect(() => publishConfig(noDriverConfig('acme'))).toThrow(DefinitionError)
    expect(() => publishConfig(noDriverConfig('acme'))).toThrow('it takes no config, so there is nothing to publish.')
    const pattern = `^(?:${Array.from({ length: 200 }, (_, index) => `a${index}`).join('|')})$`
    const config = defineDriverConfig('acme')
      .version(1, Type.Object({ a: optional(Type.String({ pattern })) }), emptyExamples)
      .build()
    expect(() => publishConfig(config)).toThrow(
      'a bundle cannot carry it: bundle["$defs"].v1.properties.a.pattern: is longer than 512 characters',
    )
  })
})

type Verdict = ReturnType<PublishedConfig['check']>

/** What is compared: codes, places and sentences, without those of rules that the bundle does not carry. */
function verdictOf(result: Verdict, { driverOnly }: PublishedConfig): object {
  const rules = new Set(driverOnly.flatMap(({ kind, name }) => (kind === 'rule' ? [name] : [])))
  const told = (issues: readonly ConfigIssue[]) =>
    issues
      .filter((issue) => issue.rule === undefined || !rules.has(issue.rule))
      .map(({ code, path, severity, message }) => `${severity} ${code} ${path} ${sortLists(message)}`)
  const errors = result.ok ? [] : told(result.issues)
  return { errors, warnings: told(result.warnings) }
}

/** Published values stand in the order of the alphabet. */
function sortLists(message: string): string {
  return message.replaceAll(/"[^"]*"(?:, "[^"]*")+/g, (list) => list.split(', ').sort().join(', '))
}

/** The same current value, where all steps are operations and no driver-only rule has a say. */
function upgradesAlike(config: DriverConfig<unknown>, loaded: PublishedConfig, document: unknown): boolean {
  const [own, result] = [config.safeParse(document), loaded.safeParse(document)]
  const isDriverOnly = !result.ok && result.issues[0].code === 'MIGRATION_NOT_PORTABLE'
  if (isDriverOnly) return loaded.driverOnly.some(({ kind }) => kind === 'migration')
  return !own.ok || JSON.stringify(result) === JSON.stringify(own)
}

function messageOf(result: Verdict): string | undefined {
  return result.ok ? undefined : result.issues[0].message
}
