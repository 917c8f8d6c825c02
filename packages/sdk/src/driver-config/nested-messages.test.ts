import type { JsonObject, JsonValue } from '@openshell-ts/driver-config/envelope'
import { expect, test } from 'vitest'
import { checkEnvelope } from './check-envelope.js'

function nestedObjects(levels: number, innermost: JsonObject): JsonObject {
  let object = innermost
  for (let level = 1; level < levels; level += 1) object = { a: object }
  return object
}

function nestedLists(levels: number): JsonValue {
  let list: JsonValue[] = ['x']
  for (let level = 1; level < levels; level += 1) list = [list]
  return list
}

const passes = (block: JsonObject) => checkEnvelope({ acme: block }).length === 0

// The limits are recorded from a gateway.
test.each([
  ['31 objects with a scalar inside pass', nestedObjects(31, { a: 1 }), true],
  ['32 objects with a scalar inside are too deep', nestedObjects(32, { a: 1 }), false],
  ['32 objects with nothing inside pass', nestedObjects(32, {}), true],
  ['33 objects with nothing inside are too deep', nestedObjects(33, {}), false],
  ['46 lists under one key pass', { a: nestedLists(46) }, true],
  ['47 lists under one key are too deep', { a: nestedLists(47) }, false],
])('%s', (_, block, expected) => {
  expect(passes(block)).toBe(expected)
})

test('counts the blocks of other drivers too', () => {
  expect(checkEnvelope({ acme: {}, other: nestedObjects(32, { a: 1 }) })).toMatchObject([{ reason: 'TOO_DEEP' }])
})
