import type { JsonValue } from '../envelope/json-value.js'
import { toPointer } from '../issue/path.js'
import type { NumberNode, SchemaNode } from '../schema/schema-node.js'
import type { PatchStep } from './conformance-vector.js'
import type { DocumentSite } from './list-sites.js'

/** A change of one place, and the group of cases that it belongs to. */
export interface SiteChange {
  readonly group: 'unknown' | 'types' | 'null' | 'bounds' | 'enum' | 'required'
  readonly step: PatchStep
}

/** A key that no driver declares. */
export const unknownKey = 'conformance_unknown_key'
const unknownText = 'conformance-not-allowed'
const longestText = 1_024
const longestList = 64
const longestEnum = 16

/** What to try at a place: whatever its kind, its bounds and its siblings can get wrong, and the last that they take. */
export function siteChanges({ tokens, node, value, required }: DocumentSite): readonly SiteChange[] {
  const path = toPointer(tokens)
  const replace = (group: SiteChange['group'], changed: JsonValue): SiteChange => ({
    group,
    step: { op: 'replace', path, value: changed },
  })
  const isObject = node.kind === 'object' || node.kind === 'map'
  const unknown: SiteChange[] = isObject
    ? [{ group: 'unknown', step: { op: 'add', path: `${path}/${unknownKey}`, value: 1 } }]
    : []
  if (tokens.length === 0) return unknown
  return [
    ...unknown,
    replace('types', otherKind(value)),
    replace('null', null),
    ...boundValues(node, value).map((changed) => replace('bounds', changed)),
    ...enumValues(node).map((changed) => replace('enum', changed)),
    ...(required ? [{ group: 'required' as const, step: { op: 'remove' as const, path } }] : []),
  ]
}

function otherKind(value: JsonValue): JsonValue {
  return typeof value === 'string' ? 1 : unknownText
}

/** Each bound, and its neighbour on the other side. */
function boundValues(node: SchemaNode, value: JsonValue): JsonValue[] {
  switch (node.kind) {
    case 'number':
      return numberBounds(node)
    case 'string': {
      // What a pattern takes is not known here.
      if (node.pattern !== undefined || node.format !== undefined) return []
      const { minLength, maxLength } = node
      return neighbours(minLength === 0 ? undefined : minLength, maxLength, longestText).map((length) =>
        'a'.repeat(length),
      )
    }
    case 'list': {
      const [item] = Array.isArray(value) ? value : []
      if (item === undefined) return []
      const { minItems, maxItems } = node
      const lengths = neighbours(minItems === 0 ? undefined : minItems, maxItems, longestList)
      return lengths.map((length) => Array.from({ length }, () => item))
    }
    default:
      return []
  }
}

function numberBounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, integer }: NumberNode) {
  // Next to the ends of the whole numbers a double cannot tell neighbours apart.
  const isTold = (bound: number | undefined): bound is number =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER - 1
  const step = multipleOf ?? 1
  return [
    ...(isTold(minimum) ? [minimum, minimum - step] : []),
    ...(isTold(maximum) ? [maximum, maximum + step] : []),
    ...(isTold(exclusiveMinimum) ? [exclusiveMinimum, exclusiveMinimum + step] : []),
    ...(isTold(exclusiveMaximum) ? [exclusiveMaximum, exclusiveMaximum - step] : []),
    ...(integer ? [(minimum ?? exclusiveMinimum ?? 0) + 0.5] : []),
  ]
}

function neighbours(least: number | undefined, most: number | undefined, limit: number): number[] {
  const lengths = [...(least === undefined ? [] : [least, least - 1]), ...(most === undefined ? [] : [most, most + 1])]
  return lengths.filter((length) => length <= limit)
}

function enumValues(node: SchemaNode): JsonValue[] {
  return node.kind === 'enum' ? [...node.values.slice(0, longestEnum), unknownText] : []
}
