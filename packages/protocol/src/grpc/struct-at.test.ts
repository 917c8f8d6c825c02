import { create, toBinary } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { CreateSandboxRequestSchema } from '../compute.js'
import { structAt } from './struct-at.js'

const blockPath = [1, 4, 6, 12]

test('a Struct is found by the numbers of its fields', () => {
  const sandbox = { spec: { template: { image: 'i', driverConfig: { a: 1 } } } }
  const bytes = toBinary(CreateSandboxRequestSchema, create(CreateSandboxRequestSchema, { sandbox }))
  expect(structAt(bytes, blockPath)?.fields['a']?.kind).toEqual({ case: 'numberValue', value: 1 })
  expect(structAt(bytes, [1, 4, 6, 11])).toBeUndefined()
  expect(structAt(new Uint8Array(), blockPath)).toBeUndefined()
})

test('a Value without kind is told apart from null', () => {
  // Entries "a" with a key alone, and "b" with a key and a null.
  const fields = structAt(Buffer.from('0a030a01610a070a016212020800', 'hex'), [])?.fields
  expect([fields?.['a']?.kind.case, fields?.['b']?.kind.case]).toEqual([undefined, 'nullValue'])
})
