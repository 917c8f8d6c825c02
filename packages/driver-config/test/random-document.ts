import type { JsonValue } from '../src/envelope/json-value.js'
import { formatOf, isFormatName } from '../src/schema/formats.js'
import type { SchemaNode } from '../src/schema/schema-node.js'

/** A source of numbers from 0 to below 1. Equal seeds give equal numbers, on every machine. */
export type Random = () => number

/** The mulberry32 generator. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T
}

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

/** A value that a schema mostly accepts: bounds and defaults are favoured. */
export function validValue(random: Random, node: SchemaNode): JsonValue {
  if (node.default !== undefined && random() < 0.2) return node.default
  switch (node.kind) {
    case 'null':
      return null
    case 'boolean':
      return random() < 0.5
    case 'enum':
      return pick(random, node.values)
    case 'number': {
      const low = node.minimum ?? (node.exclusiveMinimum ?? -10) + 1
      const high = Math.max(low, node.maximum ?? (node.exclusiveMaximum ?? low + 1000) - 1)
      const step = node.multipleOf ?? 1
      const value = pick(random, [low, high, low + Math.floor(random() * (high - low))])
      return node.integer ? Math.ceil(value / step) * step : value
    }
    case 'string': {
      if (node.format !== undefined && isFormatName(node.format)) return pick(random, formatOf(node.format).accepts)
      const length = pick(random, [node.minLength, node.maxLength ?? node.minLength + 20, node.minLength + 1])
      return Array.from({ length }, () => pick(random, ['a', 'b', 'c', '7', 'é', '😀'])).join('')
    }
    case 'list': {
      const most = Math.min(node.maxItems ?? node.minItems + 3, node.minItems + 3)
      const length = node.minItems + Math.floor(random() * (most - node.minItems + 1))
      return Array.from({ length }, () => validValue(random, node.items))
    }
    case 'tuple':
      return node.items.map((item) => validValue(random, item))
    case 'map':
      return Object.fromEntries(
        Array.from({ length: node.minProperties + 1 }, (_, index) => [`key-${index}`, validValue(random, node.value)]),
      )
    case 'variant':
      return validValue(random, pick(random, [...node.branches.values()]))
    case 'kinds':
      return validValue(random, pick(random, [...node.branches.values()]))
    case 'opaque':
      return node.bag ? { 'vendor.example/name': 1 } : pick<JsonValue>(random, [null, 1, 'x', [], { any: [1] }])
    case 'object': {
      const members = [...node.properties.values()].filter((property) => property.required || random() < 0.6)
      const entries = members.map((property): [string, JsonValue] => [property.name, validValue(random, property.node)])
      return Object.fromEntries(random() < 0.3 ? entries.reverse() : entries)
    }
  }
}

/** A copy of a valid document with one thing changed, somewhere. */
export function mutateValue(random: Random, value: JsonValue): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.1) return anyValue(random, 3)
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value]
    const index = Math.floor(random() * (copy.length + 1))
    copy[index] = index < value.length ? mutateValue(random, value[index] ?? null) : anyValue(random, 3)
    return copy
  }
  const copy: Record<string, unknown> = { ...value }
  const names = Object.keys(copy)
  const action = random()
  if (action < 0.2 || names.length === 0)
    copy[pick(random, ['read_onyl', 'zzz', 'schema_version', 'type'])] = anyValue(random, 3)
  else if (action < 0.35) delete copy[pick(random, names)]
  else {
    const name = pick(random, names)
    copy[name] = mutateValue(random, value[name] ?? null)
  }
  return copy
}
