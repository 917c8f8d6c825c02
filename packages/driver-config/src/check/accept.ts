import type { JsonValue } from '../envelope/json-value.js'
import { deepFreeze } from '../schema/deep-freeze.js'
import { countCharacters } from '../schema/describe-node.js'
import { isFormatName } from '../schema/formats.js'
import { kindOf, type ListNode, type ObjectNode, type SchemaNode, type StringNode } from '../schema/schema-node.js'
import { isMapKey } from './check-map.js'
import { isInRange } from './check-scalar.js'
import { completeDefault } from './defaults.js'
import { forbiddenKeys } from './guard.js'
import type { ConfigLimits } from './limits.js'
import { matchesFormat, matchesPattern } from './match-text.js'
import { isSecretName, mayHoldSecret } from './secret-forms.js'

/** What an acceptor answers for everything that it does not accept at once. */
export const declined = Symbol('declined')

/** How much of the limits a block has used so far. Bytes are counted generously, so that they are never too few. */
export interface Budget {
  bytes: number
  keys: number
}

/**
 * Copies, checks, completes and freezes a value in one pass, or declines.
 *
 * It accepts a subset of what the pipeline accepts and gives the same value; declining says nothing, the pipeline then finds
 * out what is wrong. It reads every member once and recurses no deeper than the schema. It throws what a getter throws.
 */
export type Acceptor = (value: unknown, budget: Budget) => JsonValue | typeof declined

/** Options of `compileAcceptor`. */
export interface AcceptorOptions {
  readonly limits: ConfigLimits
  /** Whether missing members get their defaults. */
  readonly fill: boolean
  /** Keys of the outermost object that are skipped unread. */
  readonly skip: ReadonlySet<string>
}

const noKeys: ReadonlySet<string> = new Set()
/** What a member costs besides its text: tags, lengths and a number. */
const memberBytes = 24

/** Prepares an acceptor once for a schema, so that accepting a block does no work that the schema alone decides. */
export function compileAcceptor(node: SchemaNode, options: AcceptorOptions): Acceptor {
  const nested = { ...options, skip: noKeys }
  switch (node.kind) {
    case 'object':
      return compileObject(node, options)
    case 'variant': {
      const { tag } = node
      const branches = new Map([...node.branches].map(([value, branch]) => [value, compileObject(branch, options)]))
      return (value, budget) => {
        if (!isPlainObject(value)) return declined
        const descriptor = Object.getOwnPropertyDescriptor(value, tag)
        const branch = descriptor === undefined ? undefined : branches.get(descriptor.value)
        return branch === undefined ? declined : branch(value, budget)
      }
    }
    case 'kinds': {
      const branches = new Map([...node.branches].map(([kind, branch]) => [kind, compileAcceptor(branch, nested)]))
      return (value, budget) => branches.get(kindOf(value as JsonValue))?.(value, budget) ?? declined
    }
    case 'map':
      return compileMap(node, nested)
    case 'list':
      return compileList(node, nested)
    case 'tuple': {
      const items = node.items.map((item) => compileAcceptor(item, nested))
      return (value, budget) => acceptItems(value, items.length, items.length, (index) => items[index], budget)
    }
    case 'opaque':
      return () => declined
    default:
      return compileScalar(node, options.limits)
  }
}

type ScalarNode = Extract<SchemaNode, { kind: 'string' | 'number' | 'boolean' | 'null' | 'enum' }>

function compileScalar(node: ScalarNode, limits: ConfigLimits): Acceptor {
  switch (node.kind) {
    case 'string':
      return compileString(node, limits)
    case 'number': {
      const { integer, multipleOf } = node
      return (value) => {
        if (typeof value !== 'number' || !Number.isFinite(value) || !isInRange(node, value)) return declined
        if (integer && !Number.isInteger(value)) return declined
        return multipleOf !== undefined && value % multipleOf !== 0 ? declined : value
      }
    }
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : declined)
    case 'null':
      return (value) => (value === null ? value : declined)
    case 'enum': {
      const values = new Set<unknown>(node.values)
      return (value) => (values.has(value) ? (value as JsonValue) : declined)
    }
  }
}

function compileString(node: StringNode, limits: ConfigLimits): Acceptor {
  const { minLength, pattern, format } = node
  const maxLength = Math.min(node.maxLength ?? limits.stringLength, limits.stringLength)
  return (value, budget) => {
    if (typeof value !== 'string' || !acceptText(value, budget, minLength, maxLength, limits.stringLength))
      return declined
    if (pattern !== undefined && !matchesPattern(pattern, value)) return declined
    if (format !== undefined && isFormatName(format) && !matchesFormat(format, value)) return declined
    return value
  }
}

/** True for a text within its bounds (in characters) and the limit (in units) that is well-formed and no secret. */
export function acceptText(value: unknown, budget: Budget, least: number, most: number, limit: number): boolean {
  if (typeof value !== 'string') return false
  const { length } = value
  // Units are at least as many as characters, and at most twice as many: most texts need no counting.
  if (length > limit || length > most * 2 || length < least) return false
  if (length > most || length < least * 2) {
    const characters = countCharacters(value)
    if (characters < least || characters > most) return false
  }
  budget.bytes += length * 3
  return isWellFormed(value) && !mayHoldSecret(value)
}

interface PropertyAcceptor {
  readonly name: string
  readonly required: boolean
  readonly accept: Acceptor
  readonly fallback: JsonValue | undefined
}

function compileObject(node: ObjectNode, options: AcceptorOptions): Acceptor {
  const { skip, fill } = options
  const nested = { ...options, skip: noKeys }
  const ordered = [...node.properties.values()].map(
    (property): PropertyAcceptor => ({
      name: property.name,
      required: property.required,
      accept: compileAcceptor(property.node, nested),
      fallback: fill ? deepFreeze(completeDefault(property.node)) : undefined,
    }),
  )
  const names = new Set(node.properties.keys())
  const nameBytes = Math.max(0, ...ordered.map((property) => property.name.length)) * 3 + memberBytes
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
      if (member === undefined) {
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

function countSkipped(keys: readonly string[], skip: ReadonlySet<string>): number {
  return skip.size === 0 ? 0 : keys.filter((key) => skip.has(key)).length
}

function compileMap(node: Extract<SchemaNode, { kind: 'map' }>, options: AcceptorOptions): Acceptor {
  const accept = compileAcceptor(node.value, options)
  const { keyLength } = options.limits
  const most = node.maxProperties ?? options.limits.keys
  return (value, budget) => {
    if (!isPlainObject(value)) return declined
    const keys = Object.keys(value)
    budget.keys += keys.length
    const copy: Record<string, JsonValue> = {}
    let count = 0
    for (const key of keys) {
      if (key.length > keyLength || forbiddenKeys.has(key) || !isWellFormed(key) || !isMapKey(node, key))
        return declined
      budget.bytes += key.length * 3 + memberBytes
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

function compileList(node: ListNode, options: AcceptorOptions): Acceptor {
  const accept = compileAcceptor(node.items, options)
  const most = Math.min(node.maxItems ?? options.limits.items, options.limits.items)
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
  if (!(length >= least && length <= most)) return declined
  budget.bytes += length * memberBytes
  const copy: JsonValue[] = []
  for (let index = 0; index < length; index += 1) {
    const accepted = acceptorOf(index)?.(value[index], budget) ?? declined
    if (accepted === declined) return declined
    copy.push(accepted)
  }
  return Object.freeze(copy) as JsonValue[]
}

/** True for an object of no class. Objects of another realm are left to the guard. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

// One-byte strings answer at once where the engine has the method.
const nativeIsWellFormed: unknown = Reflect.get(String.prototype, 'isWellFormed')
const loneSurrogate = /\p{Surrogate}/u

function isWellFormed(text: string): boolean {
  if (typeof nativeIsWellFormed === 'function') return Reflect.apply(nativeIsWellFormed, text, []) === true
  return !loneSurrogate.test(text)
}
