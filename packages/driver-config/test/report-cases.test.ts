import { readFileSync } from 'node:fs'
import { Type as Earlier } from '@sinclair/typebox'
import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import {
  type ConfigIssues,
  convert,
  defineDriverConfig,
  errorBudgetBytes,
  extensions,
  lintEnvelope,
  operations,
  reportBytes,
  rule,
  toErrorReport,
  withDefault,
} from '../src/index.js'
import { docker, podman } from './acceptance/container-configs.js'
import { schemaCases } from './schema-cases.js'
import { emptyExamples, showing } from './version-examples.js'

const optional = Type.Optional
const codesOf = (result: { readonly ok: boolean; readonly issues?: ConfigIssues }) =>
  (result.issues ?? []).map((issue) => `${issue.code} ${issue.path}`)
const oneVersion = (schema: object) => defineDriverConfig('acme').version(1, schema, emptyExamples).build()
const twoVersions = defineDriverConfig('acme')
  .version(1, Type.Object({ size: optional(Type.Integer()) }), emptyExamples)
  .version(2, Type.Object({ bytes: optional(Type.Integer()) }), {
    ...emptyExamples,
    replaces: { size: 'bytes' },
    up: ({ size }) => (size === undefined ? {} : { bytes: size }),
  })
  .build()

/** By the id of the case, what holds here. */
const assertions: Readonly<Record<string, () => void | Promise<void>>> = {
  ...schemaCases,
  'rep-whitespace-tightening': () => {
    const tight = (enforce: 'error' | 'warn') =>
      defineDriverConfig('acme')
        .version(1, Type.Object({ path: optional(Type.String()) }), emptyExamples)
        .build({
          rules: [
            rule('no-space', { reads: ['path'], enforce }, ({ value, fail }) => {
              if (value.path !== value.path?.trim()) fail('path', 'RULE_FAILED', { problem: 'has surrounding space' })
            }),
          ],
        })
    const block = { path: ' /data ' }
    const stored = { schema_version: 1, driver_version: '1.0.0', digest: 'sha256:0', config: block }
    const warned = { ok: true, value: block, warnings: [{ code: 'RULE_WOULD_FAIL', rule: 'no-space@1' }] }
    expect(tight('warn').safeParse(block)).toMatchObject(warned)
    expect(tight('error').restore(stored)).toMatchObject(warned)
    expect(codesOf(tight('error').safeParse(block))).toEqual(['RULE_FAILED driver_config.path'])
  },
  'rep-gpu-flag-removed': () => {
    const gpu = defineDriverConfig('docker')
      .version(1, Type.Object({ gpu_device: optional(Type.String()) }), emptyExamples)
      .version(2, Type.Object({ cdi_devices: optional(Type.Array(Type.String())) }), {
        ...emptyExamples,
        replaces: { gpu_device: 'cdi_devices' },
        up({ gpu_device: device }, note) {
          if (device === undefined) return {}
          note('took gpu_device for an index of an NVIDIA device')
          return { cdi_devices: [`nvidia.com/gpu=${device}`] }
        },
      })
      .build()
    expect(gpu.safeParse({ schema_version: 2, gpu_device: '0' })).toMatchObject({
      issues: [{ code: 'FIELD_REPLACED', path: 'driver_config.gpu_device', fix: 'Use "cdi_devices".' }],
    })
    expect(gpu.safeParse({ gpu_device: '0' })).toMatchObject({
      value: { cdi_devices: ['nvidia.com/gpu=0'] },
      warnings: [{ code: 'MIGRATION_LOSSY' }],
    })
  },
  'rep-downgrade-newer-record': () => {
    const record = (version: number) => ({
      schema_version: version,
      driver_version: '2.0.0',
      digest: 'sha256:0',
      config: {},
    })
    expect(twoVersions.restore(record(3))).toMatchObject({
      issues: [
        { code: 'SCHEMA_VERSION_TOO_NEW', fault: 'environment', message: expect.stringMatching(/version 3.* 1 to 2/) },
      ],
    })
    for (let count = 0; count < 10; count += 1) expect(twoVersions.restore(record(2)).ok).toBe(true)
  },
  'rep-quantity-parser': () => {
    const sizes = defineDriverConfig('acme')
      .version(1, Type.Object({ size: optional(Type.String({ maxLength: 20 })) }), emptyExamples)
      .version(2, Type.Object({ size: optional(Type.Integer()) }), {
        ...emptyExamples,
        up: operations(convert('size', 'quantity-to-bytes')),
      })
      .build({
        rules: [
          rule('some-bytes', { reads: ['size'] }, ({ value, fail }) => {
            if (value.size === 0) fail('size', 'RULE_FAILED', { problem: 'is a limit of nothing' })
          }),
        ],
      })
    const bytes = Object.entries({ '512Ki': 524_288, '4Gi': 4_294_967_296, '8G': 8e9, '1e3': 1_000 })
    for (const [size, value] of bytes) expect(sizes.parse({ size })).toEqual({ size: value })
    for (const size of ['', 'abc'])
      expect(codesOf(sizes.safeParse({ size }))).toEqual(['MIGRATION_FAILED driver_config'])
    expect(codesOf(sizes.safeParse({ size: '0' }))).toEqual(['RULE_FAILED driver_config.size'])
    const format = oneVersion(Type.Object({ cpu: optional(Type.String({ format: 'k8s-quantity' })) }))
    for (const cpu of ['500m', '1', '2.5']) expect(format.safeParse({ cpu }).ok).toBe(true)
    for (const cpu of ['', 'abc'])
      expect(codesOf(format.safeParse({ cpu }))).toEqual(['FORMAT_INVALID driver_config.cpu'])
  },
  'sib-nomad-validate-says-ok': () => {
    const block = { mounts: [['/a', '/b']] }
    const { blocks } = lintEnvelope({ docker: block, other: block }, { checkers: [docker] })
    const runtime = docker.safeParse(block)
    expect(blocks[0]?.issues).toEqual(runtime.ok ? [] : runtime.issues)
    expect(codesOf(runtime)).toEqual(['TYPE_MISMATCH driver_config.mounts[0]'])
    expect(blocks[1]?.verdict).toBe('unchecked')
  },
  'sib-nomad-vague-structure-error': () => {
    expect(docker.safeParse({ mounts: ['/a:/b'] })).toMatchObject({
      issues: [{ path: 'driver_config.mounts[0]', expected: 'an object', received: 'a string' }],
    })
    expect(docker.safeParse({ volumes: [{}] })).toMatchObject({
      issues: [{ code: 'UNKNOWN_FIELD', path: 'driver_config.volumes', allowed: ['cdi_devices', 'mounts'] }],
    })
  },
  'sib-tf-missing-upgrader': () => {
    const empty = Type.Object({})
    const chain = defineDriverConfig('acme').version(1, empty, emptyExamples)
    const loose = chain as unknown as { version(...all: unknown[]): { build(): unknown } }
    expect(() => loose.version(3, empty, { ...emptyExamples, up: () => ({}) }).build()).toThrow(
      'version 3 cannot stand here.',
    )
    expect(() => loose.version(2, empty, emptyExamples).build()).toThrow('there is no way from the version before.')
  },
  'sib-crd-prunes-options': () => {
    const options = { 'kafka.example/options': { topic: 'a' } }
    const declared = oneVersion(Type.Object({ options: optional(extensions()) }))
    expect(declared.parse({ options })).toEqual({ options })
    const closed = oneVersion(Type.Object({ options: optional(Type.Object({})) }))
    expect(codesOf(closed.safeParse({ options }))).toEqual([
      'UNKNOWN_FIELD driver_config.options["kafka.example/options"]',
    ])
  },
  'sib-crd-typo-stored': () => {
    const limits = Type.Object({ cpu: optional(Type.String()) })
    const config = oneVersion(Type.Object({ resources: optional(Type.Object({ limits: optional(limits) })) }))
    expect(config.safeParse({ resource: { limits: { cpu: '1' } } })).toMatchObject({
      issues: [{ code: 'UNKNOWN_FIELD', path: 'driver_config.resource', suggestion: 'resources' }],
    })
    expect(codesOf(config.safeParse({ resource: {} }))).toHaveLength(1)
  },
  'sib-csi-tiering-typo': () => {
    const config = oneVersion(Type.Object({ tier: optional(Type.String()) }))
    expect(config.safeParse({ tiering: 'system' })).toMatchObject({ issues: [{ suggestion: 'tier' }] })
  },
  'sib-csi-legacy-param': () => {
    const text = optional(Type.String())
    const config = defineDriverConfig('acme')
      .version(1, Type.Object({ fs_type: text, fstype: text }), emptyExamples)
      .build({
        deprecated: { fstype: { since: '1.0.0', message: 'It has another name.', replacedBy: ['fs_type'] } },
        rules: [
          rule('one-name', { reads: ['fs_type', 'fstype'] }, ({ value, fail }) => {
            const { fs_type: now, fstype: before } = value
            if (now === undefined || before === undefined || now === before) return
            fail('fstype', 'FIELDS_CONFLICT', { problem: 'differs from "fs_type"' })
          }),
        ],
      })
    const deprecated = { ok: true, warnings: [{ code: 'FIELD_DEPRECATED', path: 'driver_config.fstype' }] }
    expect(config.safeParse({ fstype: 'ext4' })).toMatchObject(deprecated)
    expect(config.safeParse({ fstype: 'ext4', fs_type: 'ext4' })).toMatchObject(deprecated)
    expect(config.safeParse({ fstype: 'ext4', fs_type: 'xfs' })).toMatchObject({
      issues: [{ code: 'FIELDS_CONFLICT', message: expect.stringMatching(/driver_config\.fstype: .*fs_type/) }],
    })
  },
  'sib-ajv-default-in-union': () => {
    const variant = (T: typeof Type) => {
      const flag = withDefault(T.Boolean(), true)
      const members = { source: T.String(), target: T.String(), read_only: flag }
      const union = [T.Object({ type: T.Literal('volume'), ...members }), T.Object({ type: T.Literal('tmpfs') })]
      return T.Object({ mounts: T.Optional(T.Array(T.Union(union as never))) } as never)
    }
    for (const line of [Type, Earlier as unknown as typeof Type]) {
      const block = { mounts: [{ type: 'volume', source: 'a', target: '/b' }] }
      expect(oneVersion(variant(line)).parse(block)).toEqual({ mounts: [{ ...block.mounts[0], read_only: true }] })
    }
  },
  'sib-ajv-if-then-strip': () => {
    const seen: unknown[] = []
    const config = defineDriverConfig('acme')
      .version(1, Type.Object({ a: optional(Type.String()), b: withDefault(Type.Integer(), 1) }), emptyExamples)
      .build({ rules: [rule('sees', { reads: ['a', 'b'] }, ({ value }) => void seen.push({ ...value }))] })
    seen.length = 0
    expect(config.parse({ a: 'x' })).toEqual({ a: 'x', b: 1 })
    expect(seen).toEqual([{ a: 'x' }])
  },
  'sib-typebox-union-error': () => {
    const mounts = (mount: object) => podman.safeParse({ mounts: [mount] })
    expect(codesOf(mounts({ type: 'tmpfs', target: '/a', size_bytes: '1' }))).toEqual([
      'TYPE_MISMATCH driver_config.mounts[0].size_bytes',
    ])
    expect(mounts({ type: 'nfs' })).toMatchObject({
      issues: [{ code: 'VARIANT_UNKNOWN', allowed: ['bind', 'volume', 'tmpfs', 'image'] }],
    })
  },
  'sib-typebox-additional-default': () => {
    const lines = [
      Type.Object({ a: optional(Type.Object({})) }),
      Earlier.Object({ a: Earlier.Optional(Earlier.Object({})) }),
    ]
    const configs = lines.map(oneVersion)
    for (const config of configs) {
      expect(codesOf(config.safeParse({ a: { b: 1 } }))).toEqual(['UNKNOWN_FIELD driver_config.a.b'])
      expect(config.schemas()[0]?.schema).toMatchObject({
        additionalProperties: false,
        properties: { a: { additionalProperties: false } },
      })
    }
    expect(configs[0]?.describe()).toEqual(configs[1]?.describe())
  },
  'sib-root-union-no-type': () => {
    const union = Type.Union([Type.Object({ kind: Type.Literal('a') }), Type.Object({ kind: Type.Literal('b') })])
    const config = defineDriverConfig('acme')
      .version(1, union, showing({ kind: 'a' }))
      .build()
    expect(config.schemas()[0]?.schema['type']).toBe('object')
    expect(() => oneVersion(Type.Union([Type.String(), Type.Null()]))).toThrow('a block is an object')
  },
  'sib-conf-wrong-version-source': () => {
    const versions = [undefined, '0.0.1', '99.0.0', 'not a version']
    for (const driverVersion of versions) {
      const context = driverVersion === undefined ? {} : { driverVersion }
      expect(twoVersions.safeParse({ size: 1 }, context)).toMatchObject({ declaredVersion: 1, value: { bytes: 1 } })
    }
  },
  'sib-conf-range-as-version': () => {
    for (const stamp of ['>=2', null, 2.5, '2']) {
      const stored = { schema_version: stamp, driver_version: '1.0.0', digest: 'sha256:0', config: {} }
      expect(twoVersions.restore(stored)).toMatchObject({
        issues: [{ code: 'STORED_CONFIG_INVALID', message: expect.stringContaining('no valid stamp') }],
      })
    }
    expect(twoVersions.store({}, { driverVersion: '1.0.0' }).schema_version).toBe(2)
  },
  'sib-grpc-trailer-size': () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`ключ_${index}`, index]))
    for (const block of [many, { size: 'x'.repeat(16_000) }, { size: 'y'.repeat(100_000) }]) {
      const result = twoVersions.safeParse(block)
      if (result.ok) throw new Error('the block must be refused')
      const driver = { name: 'acme', version: '1.4.0', domain: 'acme.example' }
      const report = toErrorReport(result.issues, driver, 'validate')
      expect(reportBytes(report)).toBeLessThanOrEqual(errorBudgetBytes)
      expect(report.message).toContain(result.issues[0].message.slice(0, 40))
      expect(report.message).not.toMatch(/xxxx|yyyy/)
      if (block === many) expect(report.message).toContain(`+${report.omitted} more`)
    }
  },
}

function readData(name: string) {
  return JSON.parse(readFileSync(new URL(`data/${name}.json`, import.meta.url), 'utf8'))
}

const idsOf = (name: string): string[] => readData(name).map((each: { id: string }) => each.id)
const ids = ['reports', 'siblings'].flatMap(idsOf)

describe('a case that hurt somebody', () => {
  test.each(ids)('%s', async (id) => {
    expect(assertions).toHaveProperty(id)
    await assertions[id]?.()
  })

  test('is asserted, or has a reason to belong elsewhere', () => {
    const all: readonly string[] = readData('case-ids')
    const elsewhere: Readonly<Record<string, string>> = readData('cases-elsewhere')
    const asserted = new Set([...ids, ...idsOf('envelopes')])
    expect(all.filter((id) => !asserted.has(id) && !elsewhere[id])).toEqual([])
    expect([...asserted, ...Object.keys(elsewhere)].filter((id) => !all.includes(id))).toEqual([])
  })

  test('is asserted here only when it is one', () => {
    expect(Object.keys(assertions).filter((id) => !ids.includes(id))).toEqual([])
  })
})
