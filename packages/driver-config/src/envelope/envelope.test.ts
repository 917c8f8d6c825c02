import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { emptyExamples } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { encodeEnvelope, envelope } from './encode-envelope.js'
import { EnvelopeError } from './envelope-error.js'
import type { JsonValue } from './json-value.js'
import { lintEnvelope } from './lint-envelope.js'
import { selectBlock } from './select-block.js'

const acme = defineDriverConfig('acme')
  .version(1, Type.Object({ size: Type.Optional(Type.Integer()) }), emptyExamples)
  .build()

describe('a typed block', () => {
  test('carries the marker, and is a copy', () => {
    const value = { size: 1 }
    const block = acme.block(value)
    value.size = 2
    expect(encodeEnvelope(envelope(block))).toEqual({ acme: { schema_version: 1, size: 1 } })
    expect(block).toMatchObject({ driverName: 'acme', schemaVersion: 1 })
  })

  test('never carries the marker of another version', () => {
    const value = { schema_version: 1, size: 1 }
    expect(acme.block(value).encode()).toEqual(value)
    expect(() => acme.block({ ...value, schema_version: 2 } as object)).toThrow(
      'acme.schema_version: a block of this config is written for schema_version 1; remove the key.',
    )
  })

  test('is refused when it is not JSON', () => {
    expect(() => acme.block({ size: Number.NaN })).toThrow(
      'acme.size: only JSON can be sent, this is a number that is not finite.',
    )
  })
})

describe('encodeEnvelope', () => {
  const encode = (value: unknown) => () => encodeEnvelope({ acme: value as JsonValue })

  test('gives plain JSON and leaves out what is undefined', () => {
    expect(encode({ a: [1, null, { b: 'x' }], c: undefined })()).toEqual({ acme: { a: [1, null, { b: 'x' }] } })
  })

  test.each([
    [{ a: [undefined] }, 'driver_config.acme.a[0]: only JSON can be sent, this is undefined.'],
    // biome-ignore lint/suspicious/noSparseArray: a hole is the case.
    [{ a: [, 1] }, 'driver_config.acme.a[0]: only JSON can be sent, this is undefined.'],
    [{ a: new Date(0) }, 'driver_config.acme.a: only JSON can be sent, this is an object of a class.'],
    [{ a: 1n }, 'driver_config.acme.a: only JSON can be sent, this is a bigint.'],
    [
      { a: Number.POSITIVE_INFINITY },
      'driver_config.acme.a: only JSON can be sent, this is a number that is not finite.',
    ],
    [{ a: 'x\ud800' }, 'driver_config.acme.a: only JSON can be sent, this is a text that is not well-formed Unicode.'],
    [JSON.parse('{"__proto__": 1}'), 'driver_config.acme.__proto__: this key cannot be sent; remove it.'],
    [{ [Symbol('s')]: 1 }, 'driver_config.acme: only JSON can be sent, this is an object with symbol keys.'],
  ])('%#: refuses with the path', (value, expected) => {
    expect(encode(value)).toThrow(EnvelopeError)
    expect(encode(value)).toThrow(expected)
  })

  test('refuses what cannot be read, without the text of what was thrown', () => {
    const fail = (): never => {
      throw new Error('hunter2')
    }
    const unreadable = Object.defineProperty({}, 'a', { get: fail, enumerable: true })
    expect(encode(unreadable)).toThrow(
      new EnvelopeError('driver_config', 'only JSON can be sent, and this has a member that cannot be read.'),
    )
    expect(() => encodeEnvelope({ acme: { encode: fail } as never })).toThrow(
      'driver_config.acme: this block cannot be read.',
    )
    expect(() => encodeEnvelope([] as never)).toThrow('driver_config: an envelope is an object')
  })

  test('refuses a small value that would be endless when copied', () => {
    let value: JsonValue = {}
    for (let level = 0; level < 60; level += 1) value = { a: value, b: value }
    expect(encode(value)).toThrow('driver_config: only JSON can be sent, this is of more than 65536 members.')
  })

  test('refuses a cycle', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    expect(encode(cycle)).toThrow('nested deeper than 64 levels')
  })
})

describe('selectBlock', () => {
  test('matches the exact name', () => {
    expect(selectBlock({ acme: { a: 1 }, docker: {} }, 'acme')).toEqual({
      selected: { a: 1 },
      ignored: ['docker'],
      warnings: [],
    })
    expect(selectBlock(envelope(acme.block({})), 'acme').selected).toEqual({ schema_version: 1 })
  })

  test('warns when the driver sees nothing of what was written', () => {
    const { selected, ignored, warnings } = selectBlock({ 'local-proces': {} }, 'local-process')
    expect(selected).toBeUndefined()
    expect(ignored).toEqual(['local-proces'])
    expect(warnings).toEqual([
      {
        code: 'NO_BLOCK_FOR_DRIVER',
        message:
          'driver_config has no block for the active driver "local-process", only for "local-proces"; the driver will see none of them. Did you mean "local-process" where you wrote "local-proces"?',
        suggestion: 'local-proces',
      },
    ])
  })

  test('says what cannot be read, and lists few of many keys', () => {
    const unreadable = Object.defineProperty({}, 'acme', { get: () => fail(), enumerable: true })
    const fail = (): never => {
      throw new Error('hunter2')
    }
    expect(selectBlock(unreadable, 'acme').warnings).toMatchObject([{ code: 'BLOCK_NOT_READABLE' }])
    expect(selectBlock([] as never, 'acme').warnings).toMatchObject([{ code: 'ENVELOPE_NOT_READABLE' }])
    const many = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`driver-${index}`, {}]))
    expect(selectBlock(many, 'acme').warnings[0]?.message).toMatch(/"driver-11" and 8 more; the driver/)
    expect(selectBlock({ 'a\u202e"b': {} }, 'acme').warnings[0]?.message).toContain('"a\\u202e\\"b"')
  })

  test('has nothing to say about an empty envelope or a name of every object', () => {
    expect(selectBlock({}, 'acme').warnings).toEqual([])
    expect(selectBlock({ acme: {} }, 'toString').selected).toBeUndefined()
  })
})

test('lintEnvelope judges each block by its own checker', () => {
  const lint = lintEnvelope({ docker: { x: 1 }, acme: { sise: 1 } }, { checkers: [acme], activeDriver: 'acme' })
  expect(lint).toMatchObject({
    warnings: [],
    blocks: [
      { driverName: 'docker', verdict: 'unchecked', issues: [] },
      { driverName: 'acme', verdict: 'refused', issues: [{ code: 'UNKNOWN_FIELD', suggestion: 'size' }] },
    ],
  })
  expect(lintEnvelope({ acme: { size: 1 } }, { checkers: [acme], activeDriver: 'other' })).toMatchObject({
    warnings: [{ code: 'NO_BLOCK_FOR_DRIVER' }],
    blocks: [{ verdict: 'accepted', declaredVersion: 1 }],
  })
})
