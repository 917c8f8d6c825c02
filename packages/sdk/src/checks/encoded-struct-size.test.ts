import { fromJson, type JsonObject, toBinary } from '@bufbuild/protobuf'
import { StructSchema } from '@bufbuild/protobuf/wkt'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodedStructSize } from './encoded-struct-size.js'

test('equals the size of the encoded message, for any JSON', () => {
  const json = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 6 }))
  fc.assert(
    fc.property(json, (value) => {
      const object = JSON.parse(JSON.stringify(value)) as JsonObject
      expect(encodedStructSize(object)).toBe(toBinary(StructSchema, fromJson(StructSchema, object)).length)
    }),
    { seed: 20 },
  )
})

test('counts the length of a long text by the bytes that its own length takes', () => {
  for (const length of [127, 128, 16_383, 16_384]) {
    const object = { key: 'x'.repeat(length) }
    expect(encodedStructSize(object)).toBe(toBinary(StructSchema, fromJson(StructSchema, object)).length)
  }
})
