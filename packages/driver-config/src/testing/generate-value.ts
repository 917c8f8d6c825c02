import type { JsonValue } from '../envelope/json-value.js'
import { formatOf, isFormatName } from '../schema/formats.js'
import { readsNullAsAbsent } from '../schema/null-means-absent.js'
import type { SchemaNode, StringNode } from '../schema/schema-node.js'
import { generateMatching } from './generate-matching.js'
import { pick, type Random } from './seeded-random.js'

/**
 * A value that a schema mostly accepts: bounds, their neighbours and defaults are favoured. What a rule asks for is not known
 * here.
 */
export function generateValue(random: Random, node: SchemaNode): JsonValue {
  if (node.default !== undefined && random() < 0.2) return node.default
  if (readsNullAsAbsent(node) && random() < 0.2) return null
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
      const value = pick(random, [low, high, low + step, high - step, low + Math.floor(random() * (high - low))])
      return node.integer ? Math.ceil(value / step) * step : value
    }
    case 'string':
      return generateText(random, node)
    case 'list': {
      const most = Math.min(node.maxItems ?? node.minItems + 3, node.minItems + 3)
      const length = node.minItems + Math.floor(random() * (most - node.minItems + 1))
      return Array.from({ length }, () => generateValue(random, node.items))
    }
    case 'tuple':
      return node.items.map((item) => generateValue(random, item))
    case 'map':
      return Object.fromEntries(
        Array.from({ length: node.minProperties + Math.floor(random() * 3) }, (_, index) => [
          node.keyPattern === undefined ? `key-${index}` : generateMatching(random, node.keyPattern),
          generateValue(random, node.value),
        ]),
      )
    case 'variant':
      return generateValue(random, pick(random, [...node.branches.values()]))
    case 'kinds':
      return generateValue(random, pick(random, [...node.branches.values()]))
    case 'opaque':
      return node.bag ? { 'vendor.example/name': 1 } : pick<JsonValue>(random, [null, 1, 'x', [], { any: [1] }])
    case 'object': {
      const members = [...node.properties.values()].filter((property) => property.required || random() < 0.6)
      const entries = members.map((property): [string, JsonValue] => [
        property.name,
        generateValue(random, property.node),
      ])
      return Object.fromEntries(random() < 0.3 ? entries.reverse() : entries)
    }
  }
}

function generateText(random: Random, node: StringNode): string {
  if (node.format !== undefined && isFormatName(node.format)) return pick(random, formatOf(node.format).accepts)
  if (node.pattern !== undefined) return generateMatching(random, node.pattern)
  const length = pick(random, [node.minLength, node.maxLength ?? node.minLength + 20, node.minLength + 1])
  return Array.from({ length }, () => pick(random, ['a', 'b', 'c', '7', 'é', '😀'])).join('')
}
