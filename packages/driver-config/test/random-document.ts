import type { JsonValue } from '../src/envelope/json-value.js'
import { mutateValue as changeValue } from '../src/testing/mutate-value.js'
import { pick, type Random } from '../src/testing/seeded-random.js'

const texts = [
  '',
  'a',
  'abc',
  '5',
  'true',
  '/a',
  '/sandbox/work',
  'é',
  '😀',
  'a\nb',
  'x\ud800',
  'x'.repeat(70),
  'bind',
  'tmpfs',
  'AKIAABCDEFGHIJKLMNOP',
]
const numbers = [0, -0, 1, -1, 1.5, 64, 2 ** 31, 2 ** 53, -(2 ** 53), 1e300, Number.NaN, Number.POSITIVE_INFINITY]
const keys = [
  'a',
  'type',
  'schema_version',
  '$schema',
  '__proto__',
  'constructor',
  'toString',
  'read_onyl',
  'api_token',
  'x.example/y',
]

/** Any value that JavaScript has, most of them small, some of them hostile. */
export function anyValue(random: Random, depth = 0): unknown {
  const kind = Math.floor(random() * (depth > 4 ? 6 : 12))
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
      return foreignValue(random)
    case 6:
    case 7:
      return Array.from({ length: Math.floor(random() * 4) }, () => anyValue(random, depth + 1))
    case 8: {
      const list: unknown[] = []
      list[Math.floor(random() * 3)] = anyValue(random, depth + 1)
      return list
    }
    default: {
      const object: Record<string, unknown> = random() < 0.1 ? Object.create(null) : {}
      for (let count = Math.floor(random() * 4); count > 0; count -= 1) {
        const value = anyValue(random, depth + 1)
        Object.defineProperty(object, pick(random, keys), { value, enumerable: random() < 0.95, configurable: true })
      }
      return object
    }
  }
}

function foreignValue(random: Random): unknown {
  const cycle: Record<string, unknown> = {}
  cycle['a'] = cycle
  const fail = (): never => {
    throw new Error('hunter2')
  }
  return pick<unknown>(random, [
    undefined,
    Symbol('s'),
    10n,
    fail,
    new Date(0),
    new Map(),
    Object('boxed'),
    new Uint8Array(2),
    cycle,
    Object.defineProperty({}, 'a', { get: fail, enumerable: true }),
    new Proxy({}, { ownKeys: fail }),
    new Proxy([], { get: (target, key) => (key === 'length' ? Number.NaN : Reflect.get(target, key)) }),
    Promise.resolve(1),
  ])
}

/** A copy of a valid document with one thing changed, somewhere. */
export function mutateValue(random: Random, value: JsonValue): unknown {
  return changeValue(random, value, () => anyValue(random, 3))
}
