import type { JsonValue } from '../envelope/json-value.js'
import { joinTemplate } from '../issue/path.js'
import type {
  JsonKind,
  KindUnionNode,
  ListNode,
  MapNode,
  ObjectNode,
  SchemaNode,
  TupleNode,
  VariantNode,
} from '../schema/schema-node.js'
import { sampleItems, sampleKeys, sampleValue, withMember } from './sample-value.js'

/** A place in the older schema: how to put a value there into a whole block, and another node into the whole schema. */
export interface SchemaPlace {
  /** The template that all its places share: `driver_config.mounts[].source`. */
  readonly path: string
  /** True for a member that may be absent in both schemas, so that its default has an effect in both. */
  readonly optional: boolean
  /** A block with a value at this place, accepted elsewhere; `undefined` when none was found. */
  embed(value: JsonValue): JsonValue | undefined
  /** The older schema with another node at this place. */
  replace(node: SchemaNode): SchemaNode
}

/** The block itself. */
export function rootPlace(path: string): SchemaPlace {
  return { path, optional: false, embed: (value) => value, replace: (node) => node }
}

/** A declared member of an object. */
export function memberPlace(parent: SchemaPlace, object: ObjectNode, name: string, optional: boolean): SchemaPlace {
  const property = object.properties.get(name)
  return {
    path: joinTemplate(parent.path, name),
    optional,
    embed: (value) => embedIn(parent, withMember(sampleValue(object), name, value)),
    replace: (node) => {
      const member = { name, required: property?.required ?? false, node }
      return parent.replace({ ...object, properties: new Map([...object.properties, [name, member]]) })
    },
  }
}

/** The values of an object with free keys. */
export function valuePlace(parent: SchemaPlace, map: MapNode): SchemaPlace {
  return {
    path: joinTemplate(parent.path, '{}'),
    optional: false,
    embed: (value) => {
      const count = Math.max(map.minProperties, 1)
      const rest = count > 1 ? sampleValue(map.value) : value
      const keys = sampleKeys(map.keyPattern, count)
      if (rest === undefined || keys.length < count) return undefined
      return parent.embed(Object.fromEntries(keys.map((key, index) => [key, index === 0 ? value : rest])))
    },
    replace: (value) => parent.replace({ ...map, value }),
  }
}

/** The items of a list. */
export function itemPlace(parent: SchemaPlace, list: ListNode): SchemaPlace {
  return {
    path: joinTemplate(parent.path, '[]'),
    optional: false,
    embed: (value) => {
      const others = sampleItems(list.items, list.minItems).filter((item) => !list.uniqueItems || item !== value)
      return parent.embed([value, ...others.slice(0, Math.max(list.minItems - 1, 0))])
    },
    replace: (items) => parent.replace({ ...list, items }),
  }
}

/** One place of a tuple. */
export function tupleItemPlace(parent: SchemaPlace, tuple: TupleNode, index: number): SchemaPlace {
  return {
    path: joinTemplate(parent.path, '[]'),
    optional: false,
    embed: (value) => {
      const items = tuple.items.map((item, place) => (place === index ? value : sampleValue(item)))
      return items.includes(undefined) ? undefined : parent.embed(items as JsonValue)
    },
    replace: (node) => parent.replace({ ...tuple, items: tuple.items.with(index, node) }),
  }
}

/** The branch that some values of the tag select. */
export function variantPlace(parent: SchemaPlace, variant: VariantNode, tags: readonly string[]): SchemaPlace {
  return {
    ...parent,
    optional: false,
    replace: (node) => {
      if (node.kind !== 'object') return parent.replace(node)
      const branches = new Map([...variant.branches, ...tags.map((tag) => [tag, node] as const)])
      return parent.replace({ ...variant, branches })
    },
  }
}

/** The branch of a union that describes one kind of JSON value. */
export function kindPlace(parent: SchemaPlace, union: KindUnionNode, kind: JsonKind): SchemaPlace {
  return {
    ...parent,
    optional: false,
    replace: (node) => parent.replace({ ...union, branches: new Map([...union.branches, [kind, node]]) }),
  }
}

function embedIn(parent: SchemaPlace, value: JsonValue | undefined): JsonValue | undefined {
  return value === undefined ? undefined : parent.embed(value)
}
