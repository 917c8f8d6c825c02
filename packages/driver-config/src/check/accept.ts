import type { JsonValue } from '../envelope/json-value.js'
import { deepFreeze } from '../schema/deep-freeze.js'
import { readsNullAsAbsent } from '../schema/null-means-absent.js'
import { kindOf, type ListNode, type ObjectNode, type OpaqueNode, type SchemaNode } from '../schema/schema-node.js'
import { compileScalar } from './accept-scalar.js'
import type { Acceptor } from './acceptor.js'
import { type Budget, memberBytes, newBudget, unitBytes } from './budget.js'
import { isExtensionKey, isMapKey } from './check-map.js'
import { copyPlain, declined, isPlainKey, isPlainObject, isSpent } from './copy-plain.js'
import { completeDefault } from './defaults.js'
import { utf8Length } from './encoded-size.js'
import { type ConfigLimits, maximumBagBytes } from './limits.js'
import { isSecretName } from './secret-forms.js'

/** Options of `compileAcceptor`. */
export interface AcceptorOptions {
  readonly limits: ConfigLimits
  /** Whether missing members get their defaults. */
  readonly fill: boolean
  /** Keys of the outermost object that are skipped unread. */
  readonly skip: ReadonlySet<string>
  /** Levels around the value. */
  readonly depth: number
}

const noKeys: ReadonlySet<string> = new Set()

/** Prepares an acceptor once for a schema, so that accepting a block does no work that the schema alone decides. */
export function compileAcceptor(node: SchemaNode, options: AcceptorOptions): Acceptor {
  switch (node.kind) {
    case 'kinds': {
      const inner = { ...options, skip: noKeys }
      const branches = new Map([...node.branches].map(([kind, branch]) => [kind, compileAcceptor(branch, inner)]))
      return (value, budget) => branches.get(kindOf(value as JsonValue))?.(value, budget) ?? declined
    }
    case 'opaque':
      return compileOpaque(node, options)
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'enum':
      return compileScalar(node, options.limits)
    default:
      return isTooDeep(options) ? () => declined : compileContainer(node, options)
  }
}

/** Options for what is in an object or list. */
export function nestedOptions(options: AcceptorOptions): AcceptorOptions {
  return { ...options, skip: noKeys, depth: options.depth + 1 }
}

/** True when the limits allow no object or list at a place of the schema. */
export function isTooDeep({ depth, limits }: AcceptorOptions): boolean {
  return depth >= limits.depth
}

type ContainerNode = Extract<SchemaNode, { kind: 'object' | 'variant' | 'map' | 'list' | 'tuple' }>

function compileContainer(node: ContainerNode, options: AcceptorOptions): Acceptor {
  const nested = nestedOptions(options)
  switch (node.kind) {
    case 'object':
      return compileObject(node, options)
    case 'variant': {
      const { tag } = node
      const branches = new Map([...node.branches].map(([value, branch]) => [value, compileObject(branch, options)]))
      return (value, budget) => {
        if (!isPlainObject(value) || !Object.hasOwn(value, tag)) return declined
        const name = value[tag]
        return typeof name === 'string' ? (branches.get(name)?.(value, budget) ?? declined) : declined
      }
    }
    case 'map':
      return compileMap(node, nested)
    case 'list':
      return compileList(node, nested)
    case 'tuple': {
      const items = node.items.map((item) => compileAcceptor(item, nested))
      return (value, budget) => acceptItems(value, items.length, items.length, (index) => items[index], budget)
    }
  }
}

interface PropertyAcceptor {
  readonly name: string
  readonly required: boolean
  readonly nullMeansAbsent: boolean
  readonly accept: Acceptor
  readonly fallback: JsonValue | undefined
}

function compileObject(node: ObjectNode, options: AcceptorOptions): Acceptor {
  const { skip, fill } = options
  const nested = nestedOptions(options)
  const ordered = [...node.properties.values()].map(
    (property): PropertyAcceptor => ({
      name: property.name,
      required: property.required,
      nullMeansAbsent: readsNullAsAbsent(property.node),
      accept: compileAcceptor(property.node, nested),
      fallback: fill ? deepFreeze(completeDefault(property.node)) : undefined,
    }),
  )
  const names = new Set(node.properties.keys())
  const nameBytes = longestNameBytes(node)
  return (value, budget) => {
    if (!isPlainObject(value)) return declined
    const keys = Object.keys(value)
    budget.keys += keys.length
    budget.bytes += keys.length * nameBytes
    for (const key of keys) if (!names.has(key) && !skip.has(key)) return declined
    let found = 0
    const copy: Record<string, JsonValue> = {}
    for (const property of ordered) {
      const member = Object.hasOwn(value, property.name) ? value[property.name] : undefined
      const isNull = member === null && property.nullMeansAbsent
      if (isNull) found += 1
      if (isNull || member === undefined) {
        if (property.required) return declined
        if (property.fallback !== undefined) copy[property.name] = property.fallback
        continue
      }
      const accepted = property.accept(member, budget)
      if (accepted === declined) return declined
      copy[property.name] = accepted
      found += 1
    }
    // A member that is not enumerable, or one that is undefined: the pipeline leaves them out.
    return found === keys.length - countSkipped(keys, skip) ? Object.freeze(copy) : declined
  }
}

/** The most that one key of an object and its entry take. */
export function longestNameBytes(node: ObjectNode): number {
  return Math.max(0, ...[...node.properties.keys()].map((name) => name.length)) * unitBytes + memberBytes
}

function countSkipped(keys: readonly string[], skip: ReadonlySet<string>): number {
  return skip.size === 0 ? 0 : keys.filter((key) => skip.has(key)).length
}

function compileMap(node: Extract<SchemaNode, { kind: 'map' }>, nested: AcceptorOptions): Acceptor {
  const accept = compileAcceptor(node.value, nested)
  const { limits } = nested
  const most = node.maxProperties ?? limits.keys
  return (value, budget) => {
    if (!isPlainObject(value)) return declined
    const copy: Record<string, JsonValue> = {}
    let count = 0
    for (const key of Object.keys(value)) {
      budget.keys += 1
      if (!isPlainKey(key, limits, budget) || !isMapKey(node, key)) return declined
      const member = value[key]
      if (member === undefined) continue
      if (typeof member === 'string' && isSecretName(key)) return declined
      const accepted = accept(member, budget)
      if (accepted === declined) return declined
      copy[key] = accepted
      count += 1
    }
    return count < node.minProperties || count > most ? declined : Object.freeze(copy)
  }
}

function compileList(node: ListNode, nested: AcceptorOptions): Acceptor {
  const accept = compileAcceptor(node.items, nested)
  const most = Math.min(node.maxItems ?? nested.limits.items, nested.limits.items)
  return (value, budget) => {
    const items = acceptItems(value, node.minItems, most, () => accept, budget)
    if (items === declined || !node.uniqueItems) return items
    return Array.isArray(items) && new Set(items).size < items.length ? declined : items
  }
}

function acceptItems(
  value: unknown,
  least: number,
  most: number,
  acceptorOf: (index: number) => Acceptor | undefined,
  budget: Budget,
): JsonValue | typeof declined {
  if (!Array.isArray(value)) return declined
  const { length } = value
  if (!(Number.isInteger(length) && length >= least && length <= most)) return declined
  budget.bytes += length * memberBytes
  const copy: JsonValue[] = []
  for (let index = 0; index < length; index += 1) {
    const accepted = acceptorOf(index)?.(value[index], budget) ?? declined
    if (accepted === declined) return declined
    copy.push(accepted)
  }
  return Object.freeze(copy) as JsonValue[]
}

function compileOpaque(node: OpaqueNode, { limits, depth }: AcceptorOptions): Acceptor {
  return (value, budget) => {
    const own = newBudget()
    const copy = copyPlain(value, limits, own, depth)
    if (copy === declined || own.suspicious || isSpent(own, limits)) return declined
    budget.bytes += own.bytes
    budget.keys += own.keys
    return !node.bag || isBag(copy) ? deepFreeze(copy) : declined
  }
}

function isBag(value: JsonValue): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.keys(value).every(isExtensionKey) && utf8Length(JSON.stringify(value)) <= maximumBagBytes
}
