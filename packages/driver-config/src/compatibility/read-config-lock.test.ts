import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { nullMeansAbsent } from '../schema/null-means-absent.js'
import { extensions, opaque } from '../schema/opaque.js'
import { secretRef } from '../schema/secret-ref.js'
import { withDefault } from '../schema/with-default.js'
import { ConfigLockError } from './config-lock-error.js'
import { readConfigLock } from './read-config-lock.js'
import { writeConfigLock } from './write-config-lock.js'

const Mount = Type.Union([
  Type.Object({ type: Type.Literal('bind'), source: Type.String({ format: 'subpath' }) }),
  Type.Object({ type: Type.Literal('tmpfs'), size_bytes: Type.Integer({ minimum: 1 }) }),
])
const config = defineDriverConfig('acme')
  .version(
    1,
    Type.Object({
      size: withDefault(Type.String({ pattern: '^[0-9]+Gi$', maxLength: 8, description: 'How large' }), '1Gi'),
      mode: Type.Optional(Type.Union([Type.Literal('fast'), Type.Literal('safe')])),
      mounts: Type.Optional(Type.Array(Mount, { maxItems: 4 })),
      labels: Type.Optional(Type.Record(Type.String(), Type.Integer())),
      pull: Type.Optional(secretRef(Type.String(), 'a key')),
      old: Type.Optional(nullMeansAbsent(Type.String())),
      raw: Type.Optional(opaque('tolerations')),
      more: Type.Optional(extensions()),
    }),
    {
      since: '1.0.0',
      examples: {
        minimal: {},
        full: { mode: 'fast' },
        invalid: [{ value: { size: 5 }, code: 'TYPE_MISMATCH', path: 'driver_config.size' }],
      },
    },
  )
  .build()

const { text } = writeConfigLock(config, { release: true })
const json = () => JSON.parse(text)

function problemsOf(source: unknown) {
  try {
    readConfigLock(source)
  } catch (error) {
    if (error instanceof ConfigLockError) return error.problems.map(({ code, path }) => `${code} ${path}`)
    throw error
  }
  return []
}

test('a written lock is read back as it was, and recorded again gives the same text', () => {
  const lock = readConfigLock(text)
  expect(lock).toEqual(writeConfigLock(config, { release: true }).lock)
  expect(writeConfigLock(config, { lock }).text).toBe(text)
  expect(Object.keys(lock.versions['1'] ?? {})).not.toContain('released')
})

test('a lock is text with sorted keys, one a line', () => {
  const keys = text.split('\n').flatMap((line) => /^ {2}"(\w+)"/.exec(line)?.[1] ?? [])
  expect(keys).toEqual(['driver', 'limits', 'lock_format', 'removed', 'unversioned', 'versions', 'waivers'])
  expect(text).toContain('\n      "since": "1.0.0",\n')
})

describe('a lock that cannot be used', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['no JSON', '{', ['NOT_A_LOCK lock']],
    ['a list', [], ['NOT_A_LOCK lock']],
    ['an unfinished merge', '{\n<<<<<<< HEAD\n', ['NOT_A_LOCK lock']],
    ['too long a text', ' '.repeat(5_000_000), ['LOCK_TOO_LARGE lock']],
    ['a later format', { ...json(), lock_format: 2 }, ['FORMAT_UNKNOWN lock.lock_format']],
    [
      'everything that is wrong at once',
      { ...json(), driver: 5, unversioned: 0, more: 1, waivers: [{ fingerprint: 'x' }] },
      [
        'SHAPE_INVALID lock.driver',
        'SHAPE_INVALID lock.more',
        'SHAPE_INVALID lock.unversioned',
        'SHAPE_INVALID lock.waivers[0].by',
        'SHAPE_INVALID lock.waivers[0].expires',
        'SHAPE_INVALID lock.waivers[0].fingerprint',
        'SHAPE_INVALID lock.waivers[0].reason',
        'SHAPE_INVALID lock.waivers[0].rule',
      ],
    ],
    [
      'a reason of several lines',
      {
        ...json(),
        waivers: [{ fingerprint: '0123456789ab', rule: 'A', reason: 'a\n::error::b', by: 'me', expires: '2027-01-31' }],
      },
      ['SHAPE_INVALID lock.waivers[0].reason'],
    ],
    [
      'a schema that was edited by hand',
      JSON.parse(text.replace('^[0-9]+Gi$', '^[0-9]+$')),
      ['DIGEST_MISMATCH lock.versions["1"].shape_digest', 'DIGEST_MISMATCH lock.versions["1"].text_digest'],
    ],
    [
      'a description that was edited by hand',
      JSON.parse(text.replace('How large', 'How big')),
      ['DIGEST_MISMATCH lock.versions["1"].text_digest'],
    ],
  ])('%s', (_what, source, problems) => {
    expect(problemsOf(source).sort()).toEqual(problems)
  })

  test('its texts are not repeated, and the sentence says what to do', () => {
    const edited = JSON.parse(text)
    edited.versions['1'].shape_digest = `sha256:${'0'.repeat(64)}`
    expect(() => readConfigLock(edited)).toThrow(
      '[invalid-lock] lock.versions["1"].shape_digest: is not the digest of the schema beside it. Restore the file from the repository; what is released is never edited.',
    )
  })
})
