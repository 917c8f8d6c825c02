import { fromJson, type JsonObject } from '@bufbuild/protobuf'
import { StructSchema } from '@bufbuild/protobuf/wkt'
import { expect, test } from 'vitest'
import { selectBlock } from './select-block.js'

const envelope = (json: JsonObject) => fromJson(StructSchema, json)

test('the key must equal the configured name exactly', () => {
  const others = envelope({ Acme: {}, 'acme ': {}, docker: null })
  expect(selectBlock(others, 'acme')).toBeUndefined()
})

test('an empty block is present', () => {
  expect(selectBlock(envelope({ acme: {} }), 'acme')?.fields).toEqual({})
})

test('an absent envelope has no block', () => {
  expect(selectBlock(undefined, 'acme')).toBeUndefined()
})

test.each([[null], ['text'], [1], [true], [[{}]]])('%j is refused, because a block is an object', (block) => {
  expect(() => selectBlock(envelope({ acme: block }), 'acme')).toThrow('template.driver_config.acme must be an object')
})

test('a name that every object has is no block', () => {
  expect(selectBlock(envelope({}), 'constructor')).toBeUndefined()
})
