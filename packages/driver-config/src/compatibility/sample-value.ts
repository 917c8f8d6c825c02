import { isJsonObject, type JsonValue } from '../envelope/json-value.js'
import { formatOf, isFormatName } from '../schema/formats.js'
import type { SchemaNode, StringNode } from '../schema/schema-node.js'
import { generateMatching } from '../testing/generate-matching.js'
import { generateValue } from '../testing/generate-value.js'
import { pick, type Random, seededRandom } from '../testing/seeded-random.js'
import { memberAcceptanceOf } from './acceptance.js'

const maximumAttempts = 60
const maximumItems = 1_024
const samples = new WeakMap<SchemaNode, { readonly value: JsonValue | undefined }>()

/** A small value that a schema accepts; `undefined` when none was found. */
export function sampleValue(node: SchemaNode): JsonValue | undefined {
  const known = samples.get(node)
  if (known !== undefined) return known.value
  const accepts = memberAcceptanceOf(node)
  const random = seededRandom(1)
  let value: JsonValue | undefined
  for (let attempt = 0; attempt < maximumAttempts && value === undefined; attempt += 1) {
    const candidate = attempt < 5 ? smallestValue(random, node) : generateValue(random, node)
    if (candidate !== undefined && accepts(candidate)) value = candidate
  }
  samples.set(node, { value })
  return value
}

/** As many different values as asked for, where the schema has them; repeated ones otherwise. */
export function sampleItems(node: SchemaNode, count: number): JsonValue[] {
  const length = Math.min(count, maximumItems + 1)
  const first = sampleValue(node)
  if (first === undefined) return []
  const accepts = memberAcceptanceOf(node)
  const random = seededRandom(2)
  const found = new Map([[JSON.stringify(first), first]])
  const numbers = node.kind === 'number' && node.integer ? Math.ceil(Number(first)) : undefined
  for (let attempt = 0; found.size < length && attempt < length * 2 + maximumAttempts; attempt += 1) {
    const candidate = numbers === undefined ? spreadValue(random, node) : numbers + attempt
    if (accepts(candidate)) found.set(JSON.stringify(candidate), candidate)
  }
  const values = [...found.values()]
  return Array.from({ length }, (_, index) => values[index] ?? first)
}

/** Different keys for an object with free keys. */
export function sampleKeys(keyPattern: string | undefined, count: number): string[] {
  const length = Math.min(count, maximumItems + 1)
  if (keyPattern === undefined) return Array.from({ length }, (_, index) => `key-${index}`)
  const random = seededRandom(3)
  const keys = new Set<string>()
  for (let attempt = 0; keys.size < length && attempt < length * 2 + maximumAttempts; attempt += 1)
    keys.add(generateMatching(random, keyPattern))
  return [...keys]
}

/** Texts of many lengths, where nothing but the length is bounded. */
function spreadValue(random: Random, node: SchemaNode): JsonValue {
  if (node.kind !== 'string' || node.pattern !== undefined || node.format !== undefined)
    return generateValue(random, node)
  const length = Math.max(node.minLength, Math.min(node.maxLength ?? 4, 4))
  return Array.from({ length }, () => pick(random, ['a', 'b', 'c', 'd', '7'])).join('')
}

function smallestValue(random: Random, node: SchemaNode): JsonValue | undefined {
  switch (node.kind) {
    case 'object': {
      const required = [...node.properties.values()].filter((property) => property.required)
      const members = required.map(({ name, node: member }) => [name, sampleValue(member)] as const)
      if (members.some(([, value]) => value === undefined)) return undefined
      return Object.fromEntries(members) as JsonValue
    }
    case 'variant':
      return sampleValue([...node.branches.values()][0] ?? node)
    case 'kinds':
      return sampleValue([...node.branches.values()][0] ?? node)
    case 'list':
      return sampleItems(node.items, node.minItems)
    case 'tuple': {
      const items = node.items.map(sampleValue)
      return items.includes(undefined) ? undefined : (items as JsonValue)
    }
    case 'map': {
      const value = node.minProperties === 0 ? null : sampleValue(node.value)
      if (value === undefined) return undefined
      return Object.fromEntries(sampleKeys(node.keyPattern, node.minProperties).map((key) => [key, value]))
    }
    case 'string':
      return smallestText(random, node)
    case 'opaque':
      return node.bag ? {} : null
    default:
      return generateValue(random, node)
  }
}

function smallestText(random: Random, node: StringNode): string {
  if (node.pattern !== undefined) return generateMatching(random, node.pattern)
  if (node.format !== undefined && isFormatName(node.format)) return formatOf(node.format).accepts[0] ?? ''
  return 'a'.repeat(Math.min(node.minLength, 20_000))
}

/** An object that holds a member, or nothing when the container has no value of its own. */
export function withMember(container: JsonValue | undefined, name: string, value: JsonValue): JsonValue | undefined {
  return isJsonObject(container) ? { ...container, [name]: value } : undefined
}
