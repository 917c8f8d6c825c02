import { describe, expect, test } from 'vitest'
import { changed, problemsOf, published } from '../../test/changed-bundle.js'
import type { JsonValue } from '../envelope/json-value.js'
import { ConfigError } from '../issue/config-error.js'
import { loadPublishedConfig } from './load-published-config.js'

test('takes a bundle as text, as JSON, and as JSON whose keys another program has sorted', () => {
  for (const bundle of [published.text, published.value, sortKeys(published.value)]) {
    expect(loadPublishedConfig(bundle).parse({ name: 'x' })).toEqual({ title: 'x' })
  }
})

describe('a bundle is refused with code and place:', () => {
  const data = 'bundle["x-bundle"]'
  const v1 = 'bundle["$defs"].v1'
  const name = '/$defs/v1/properties/name'
  const firstStep = '/x-bundle/hops/0/ops/0'
  const rule = { name: 'a', revision: 1, reads: ['name', 'other'], enforce: 'error' }
  const portable = { kind: 'requires', first: 'name', second: 'other' }
  const unreadable = Object.defineProperty({}, 'a', {
    enumerable: true,
    get(): never {
      throw new Error('hunter2')
    },
  })

  test.each<[string, unknown, string[]]>([
    ['no JSON', '{"a":', ['NOT_A_BUNDLE bundle']],
    ['nothing', undefined, ['NOT_A_BUNDLE bundle']],
    ['a list', [], ['NOT_A_BUNDLE bundle']],
    ['another document', { type: 'object' }, ['NOT_A_BUNDLE bundle']],
    ['a text without end', ' '.repeat(2_000_000), ['BUNDLE_TOO_LARGE bundle']],
    ['a huge value', { a: Array.from({ length: 200 }, () => 'x'.repeat(10_000)) }, ['BUNDLE_TOO_LARGE bundle']],
    [
      'many keys',
      Object.fromEntries(Array.from({ length: 40_000 }, (_, key) => [key, 1])),
      ['BUNDLE_TOO_LARGE bundle'],
    ],
    ['deep nesting', nest(5_000), [expect.stringMatching(/^BUNDLE_TOO_LARGE bundle\.a\.a/)]],
    [
      'deep nesting in text',
      `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
      [expect.stringMatching(/^BUNDLE_TOO_LARGE/)],
    ],
    ['a prototype key', published.text.replace('"gates"', '"__proto__"'), [`NOT_A_BUNDLE ${data}.__proto__`]],
    ['a member that cannot be read', unreadable, ['NOT_A_BUNDLE bundle.a']],
    ['a later format', changed({ '/x-bundle/bundle_format': 2 }), [`FORMAT_UNKNOWN ${data}.bundle_format`]],
    ['a format of another type', changed({ '/x-bundle/bundle_format': '1' }), [`FORMAT_UNKNOWN ${data}.bundle_format`]],
    [
      'unknown members, wrong types and missing members, all at once',
      changed({
        '/extra': 1,
        '/x-bundle/min': '1',
        '/x-bundle/owner': undefined,
        '/x-bundle/versions/0/rules': [{ name: 'a' }],
      }),
      [
        `SHAPE_INVALID ${data}.min`,
        ...['revision', 'reads', 'enforce'].map((member) => `SHAPE_INVALID ${data}.versions[0].rules[0].${member}`),
        `SHAPE_INVALID ${data}.owner`,
        'SHAPE_INVALID bundle.extra',
      ],
    ],
    [
      'escape sequences in a text that reports print',
      changed({ '/x-bundle/secret_alternative': '\u001b[2J' }),
      [`SHAPE_INVALID ${data}.secret_alternative`],
    ],
    ['a name that no gateway accepts', changed({ '/x-bundle/driver': 'a b' }), [`SHAPE_INVALID ${data}.driver`]],
    [
      'limits above those of a block',
      changed({ '/x-bundle/limits/depth': 64 }),
      [`SHAPE_INVALID ${data}.limits.depth`],
    ],
    ['an edit', published.text.replace('It has no effect.', 'It has an effect.'), [`DIGEST_MISMATCH ${data}.digest`]],
    [
      'another schema under the same digests',
      changed({ '/$defs/v1/properties/other/maxLength': 63 }),
      [`DIGEST_MISMATCH ${data}.versions[0].shape_digest`, `DIGEST_MISMATCH ${data}.versions[0].text_digest`],
    ],
    ['a missing version', changed({ '/$defs/v1': undefined }), [`VERSION_INVALID ${v1}`, `SCHEMA_INVALID ${v1}`]],
    [
      'a version twice',
      changed({ '/x-bundle/versions/1/version': 1 }),
      [
        `VERSION_INVALID ${data}.versions[1].version`,
        'VERSION_INVALID bundle["$defs"].v2',
        `VERSION_INVALID ${data}.max`,
        'VERSION_INVALID bundle.oneOf',
        `DIGEST_MISMATCH ${data}.versions[1].shape_digest`,
        `DIGEST_MISMATCH ${data}.versions[1].text_digest`,
        `RULE_INVALID ${data}.versions[1].rules[0]`,
      ],
    ],
    [
      'a gap',
      changed({ '/x-bundle/versions/0/version': 3, '/x-bundle/min': 3 }),
      expect.arrayContaining([`VERSION_INVALID ${data}.versions[1].version`, `VERSION_INVALID ${v1}`]),
    ],
    ['a step that is not the next', changed({ '/x-bundle/hops/0/to': 1 }), [`VERSION_INVALID ${data}.hops[0]`]],
    [
      'a removed version that is read',
      changed({ '/x-bundle/removed': [{ version: 1, in: '2', last_reader: '1' }] }),
      [`VERSION_INVALID ${data}.removed[0]`],
    ],
    [
      'a pattern that some text makes slow',
      changed({ [`${name}/pattern`]: '^(a+)+$' }),
      [`SCHEMA_INVALID ${v1}.properties.name.pattern`],
    ],
    [
      'a pattern that is slow by its choices',
      changed({ [`${name}/pattern`]: '^(?:a|a){30}$' }),
      [`SCHEMA_INVALID ${v1}.properties.name.pattern`],
    ],
    [
      'a long pattern',
      changed({ [`${name}/pattern`]: 'a'.repeat(600) }),
      [`BUNDLE_TOO_LARGE ${v1}.properties.name.pattern`],
    ],
    [
      'a keyword with a name of every object',
      changed({ [`${name}/toString`]: 1 }),
      [`SCHEMA_INVALID ${v1}.properties.name.toString`],
    ],
    [
      'a reference',
      changed({ [name]: { $ref: 'https://evil.example/x' } }),
      [`SCHEMA_INVALID ${v1}.properties.name["$ref"]`],
    ],
    [
      'an open object',
      changed({ '/$defs/v1/additionalProperties': true }),
      [`SCHEMA_INVALID ${v1}.additionalProperties`],
    ],
    [
      'a condition that is no rule',
      changed({ '/$defs/v1/dependentRequired': { name: ['other'] } }),
      [`SCHEMA_INVALID ${v1}`],
    ],
    [
      'a rule that no keyword says',
      changed({ '/x-bundle/versions/0/rules': [{ ...rule, portable }] }),
      [`SCHEMA_INVALID ${v1}`],
    ],
    [
      'rules about what is not declared, or about other places than they read',
      changed({
        '/x-bundle/versions/0/rules': [
          { ...rule, reads: ['nmae'] },
          { ...rule, portable: { ...portable, first: 'title' } },
          { ...rule, portable: { ...portable, kind: 'implies', first_is: 'a' } },
          { ...rule, portable: { ...portable, first_is: 'a', second_is: 'b' } },
        ],
      }),
      [0, 1, 2, 3].map((index) => `RULE_INVALID ${data}.versions[0].rules[${index}]`),
    ],
    [
      'a deprecation of what is not declared',
      changed({ '/x-bundle/versions/0/deprecated/0/path': 'gone' }),
      [`DEPRECATION_INVALID ${data}.versions[0].deprecated[0]`],
    ],
    [
      'an unknown operation',
      changed({ [`${firstStep}/op`]: 'evaluate' }),
      [`MIGRATION_INVALID ${data}.hops[0].ops[0].op`],
    ],
    [
      'an operation with a name of every object',
      changed({ [firstStep]: { op: 'convert', path: 'name', codec: 'toString' } }),
      [`MIGRATION_INVALID ${data}.hops[0].ops[0].codec`],
    ],
    [
      'an operation on prototypes, inside of another',
      changed({ [firstStep]: { op: 'each', path: 'name', ops: [{ op: 'wrap', path: 'a', key: '__proto__' }] } }),
      [`MIGRATION_INVALID ${data}.hops[0].ops[0].ops[0]`],
    ],
    [
      'operations that do not lead to the next version',
      changed({ [`${firstStep}/to`]: 'titel' }),
      [`MIGRATION_INVALID ${data}.hops[0].ops`],
    ],
    [
      'a way back that operations do not have',
      changed({ '/x-bundle/hops/0/ops': [{ op: 'mapEnum', path: 'name', table: { a: 'x', b: 'x' } }] }),
      [`MIGRATION_INVALID ${data}.hops[0].ops`],
    ],
    [
      'a replacement by nothing',
      changed({ '/x-bundle/hops/0/replaces': { name: 'gone' } }),
      [`MIGRATION_INVALID ${data}.hops[0].replaces.name`],
    ],
    [
      'an example that is not valid',
      changed({ '/x-bundle/versions/0/examples/full': { schema_version: 1, name: 5 } }),
      [`EXAMPLE_INVALID ${data}.versions[0].examples.full`],
    ],
    [
      'problems of several kinds, all at once',
      changed({
        '/x-bundle/max': 3,
        [`${name}/type`]: 'text',
        '/x-bundle/versions/1/rules/0/portable/second': 'gone',
        '/x-bundle/versions/1/text_digest': `sha256:${'0'.repeat(64)}`,
      }),
      [
        `VERSION_INVALID ${data}.max`,
        `SCHEMA_INVALID ${v1}.properties.name.type`,
        `DIGEST_MISMATCH ${data}.versions[1].text_digest`,
        `RULE_INVALID ${data}.versions[1].rules[0]`,
      ],
    ],
  ])('%s', (_, bundle, expected) => {
    expect(problemsOf(bundle)).toEqual(expected)
  })

  test('as an error of this package that says what to do', () => {
    const load = () => loadPublishedConfig(changed({ '/x-bundle/bundle_format': 2 }))
    expect(load).toThrow(ConfigError)
    expect(load).toThrow(
      '[invalid-bundle] bundle["x-bundle"].bundle_format: is 2, but this release of @openshell-ts/driver-config reads format 1. Upgrade @openshell-ts/driver-config, or ask the publisher for a bundle of this format.',
    )
  })

  test('without control characters of what it repeats', () => {
    const bundle = changed({ [`${name}/\u001b[2J`]: 1 })
    expect(() => loadPublishedConfig(bundle)).toThrow('the keyword "\\u001b[2J" is not supported here.')
  })
})

function nest(levels: number): unknown {
  return JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`)
}

function sortKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key] ?? null)]))
}
