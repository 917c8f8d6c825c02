import type { JsonValue } from '../envelope/json-value.js'
import { pick, type Random } from './seeded-random.js'

const texts = ['', 'a', '5', 'true', '/a', 'é', '😀', 'a\nb', '\u202e', 'x\ud800', '2027-01-31', 'x'.repeat(70)]
const numbers = [0, -0, 1, -1, 1.5, 64, 2 ** 31, 2 ** 53, -(2 ** 53), 1e300]
const keys = [
  'a',
  'type',
  'schema_version',
  '$schema',
  '__proto__',
  'constructor',
  'toString',
  'api_token',
  'x.example/y',
]
const deepestList = 100

/** Any JSON value, most of them small, some of them hostile: reserved keys, odd texts, deep nesting. */
export function anyJson(random: Random, depth = 0): JsonValue {
  const kind = Math.floor(random() * (depth > 4 ? 5 : 9))
  switch (kind) {
    case 0:
      return null
    case 1:
      return random() < 0.5
    case 2:
      return pick(random, numbers)
    case 3:
    case 4:
      return pick(random, texts)
    case 5:
    case 6:
      return random() < 0.05 ? nestedList() : Array.from({ length: count(random) }, () => anyJson(random, depth + 1))
    default:
      return Object.fromEntries(
        Array.from({ length: count(random) }, () => [pick(random, keys), anyJson(random, depth + 1)]),
      )
  }
}

function count(random: Random): number {
  return Math.floor(random() * 4)
}

function nestedList(): JsonValue {
  let list: JsonValue = []
  for (let level = 1; level < deepestList; level += 1) list = [list]
  return list
}
