import type { JsonObject, JsonValue } from '../envelope/json-value.js'

/** What every node of the normal form carries. */
export interface NodeText {
  /** The value that a missing member gets; absent when there is none. Frozen. */
  readonly default?: JsonValue
  /** Keywords that never change the verdict: `title`, `description`, `examples`, `deprecated` and our `x-…`. */
  readonly annotations: JsonObject
}

/** A declared member of an object. */
export interface PropertyNode {
  readonly name: string
  readonly required: boolean
  readonly node: SchemaNode
}

/** A closed object: every key that is not declared is an error. */
export interface ObjectNode extends NodeText {
  readonly kind: 'object'
  /** In the order of declaration. */
  readonly properties: ReadonlyMap<string, PropertyNode>
}

/** An object with free keys and values of one shape. */
export interface MapNode extends NodeText {
  readonly kind: 'map'
  /** A regular expression that every key matches; absent when any key without controls will do. */
  readonly keyPattern?: string
  readonly minProperties: number
  readonly maxProperties?: number
  readonly value: SchemaNode
}

/** A list with items of one shape. */
export interface ListNode extends NodeText {
  readonly kind: 'list'
  readonly minItems: number
  readonly maxItems?: number
  readonly uniqueItems: boolean
  readonly items: SchemaNode
}

/** A list of fixed length in which every place has its own shape. */
export interface TupleNode extends NodeText {
  readonly kind: 'tuple'
  readonly items: readonly SchemaNode[]
}

/** A text. Lengths count code points. */
export interface StringNode extends NodeText {
  readonly kind: 'string'
  readonly minLength: number
  readonly maxLength?: number
  /** A regular expression, always read with the `u` flag. */
  readonly pattern?: string
  /** A name from the closed list of formats. */
  readonly format?: string
}

/** A number. Whole numbers always lie within ±(2^53-1). */
export interface NumberNode extends NodeText {
  readonly kind: 'number'
  readonly integer: boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly multipleOf?: number
}

/** `true` or `false`. */
export interface BooleanNode extends NodeText {
  readonly kind: 'boolean'
}

/** `null`, as a branch of a union. */
export interface NullNode extends NodeText {
  readonly kind: 'null'
}

/** One of a fixed set of scalars. */
export interface EnumNode extends NodeText {
  readonly kind: 'enum'
  readonly values: readonly (string | number | boolean)[]
}

/** One of several objects, told apart by the value of one member. */
export interface VariantNode extends NodeText {
  readonly kind: 'variant'
  /** Name of the member that selects the branch. */
  readonly tag: string
  /** By the value of the tag; several values may lead to one branch. */
  readonly branches: ReadonlyMap<string, ObjectNode>
}

/** One of several shapes, told apart by the kind of JSON value, for example a text or null. */
export interface KindUnionNode extends NodeText {
  readonly kind: 'kinds'
  readonly branches: ReadonlyMap<JsonKind, SchemaNode>
}

/** JSON that is passed on unchecked, within limits. */
export interface OpaqueNode extends NodeText {
  readonly kind: 'opaque'
  /** What it is and who checks it. */
  readonly reason: string
  /** True for a bag of vendor extensions: an object with keys `vendor.example/name`. */
  readonly bag: boolean
}

/** A schema in the one form that all checks work on, whatever library wrote it. */
export type SchemaNode =
  | ObjectNode
  | MapNode
  | ListNode
  | TupleNode
  | StringNode
  | NumberNode
  | BooleanNode
  | NullNode
  | EnumNode
  | VariantNode
  | KindUnionNode
  | OpaqueNode

/** The kinds of JSON value that a union can tell apart. */
export type JsonKind = 'null' | 'boolean' | 'number' | 'string' | 'list' | 'object'

/** The kind of a JSON value. */
export function kindOf(value: JsonValue): JsonKind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  const type = typeof value
  return type === 'boolean' || type === 'number' || type === 'string' ? type : 'object'
}

/** The kind of JSON value that a node describes; `undefined` when it describes several. */
export function kindOfNode(node: SchemaNode): JsonKind | undefined {
  switch (node.kind) {
    case 'object':
    case 'map':
    case 'variant':
      return 'object'
    case 'list':
    case 'tuple':
      return 'list'
    case 'enum': {
      const kinds = new Set(node.values.map(kindOf))
      return kinds.size === 1 ? [...kinds][0] : undefined
    }
    case 'kinds':
      return undefined
    case 'opaque':
      return node.bag ? 'object' : undefined
    default:
      return node.kind
  }
}
