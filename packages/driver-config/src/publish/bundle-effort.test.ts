import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { type Changes, changed, problemsOf, published } from '../../test/changed-bundle.js'
import { emptyExamples } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { loadPublishedConfig } from './load-published-config.js'

describe('work that a bundle asks for is bounded:', () => {
  const numbers = (length: number): readonly number[] => Array.from({ length }, (_, index) => index)
  const members = (length: number, schema: (index: number) => object) =>
    Object.fromEntries(numbers(length).map((index) => [`p${index}`, schema(index)]))
  const branch = (index: number) => ({
    type: 'object',
    properties: { a: { const: `a${index}` }, b: { const: `b${index}` } },
    required: ['a'],
  })
  const costly = (index: number) => ({
    type: 'string',
    maxLength: 64,
    pattern: `^(?:${numbers(120)
      .map((each) => String.fromCodePoint(0x4e00 + each * 250 + index))
      .join('|')})*$`,
  })

  // Each is about as large as a bundle may be; where a bound is missing, it takes minutes.
  test.each<[string, Changes]>([
    ['patterns with many choices', { '/$defs/v1/properties': members(250, costly) }],
    [
      'more patterns than anybody writes',
      { '/$defs/v1/properties': members(300, (index) => ({ type: 'string', pattern: `^a${index}$` })) },
    ],
    [
      'operations on many fields',
      {
        '/$defs/v1/properties': members(4_000, () => ({ type: 'boolean' })),
        '/x-bundle/hops/0/ops': numbers(256).map((index) => ({ op: 'rename', path: `p${index}`, to: `q${index}` })),
      },
    ],
    ['a union of many branches', { '/$defs/v1/properties/name': { anyOf: numbers(1_000).map(branch) } }],
  ])(
    '%s',
    (_, changes) => {
      expect(problemsOf(changed(changes))).not.toEqual([])
    },
    20_000,
  )

  test('operations in operations, too many together', () => {
    const inner = numbers(200).map(() => ({ op: 'wrapList', path: 'a' }))
    const ops = numbers(3).map(() => ({ op: 'each', path: 'name', ops: inner }))
    expect(problemsOf(changed({ '/x-bundle/hops/0/ops': ops }))).toEqual(['BUNDLE_TOO_LARGE bundle["x-bundle"].hops'])
  })
})

test('no code is made of a bundle, as it is of a declaration', () => {
  const own = globalThis.Function
  let made = 0
  globalThis.Function = new Proxy(own, {
    construct(target, parameters) {
      made += 1
      return Reflect.construct(target, parameters)
    },
  })
  try {
    loadPublishedConfig(published.value)
    expect(made).toBe(0)
    defineDriverConfig('acme').version(1, Type.Object({}), emptyExamples).build()
    expect(made).toBeGreaterThan(0)
  } finally {
    globalThis.Function = own
  }
})
