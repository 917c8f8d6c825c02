import { canonicalJson } from './canonical-json.js'
import {
  kindOf,
  kindOfNode,
  type ListNode,
  type MapNode,
  type NumberNode,
  type ObjectNode,
  type SchemaNode,
  type StringNode,
  type TupleNode,
} from './schema-node.js'

/** A reason why the values of one schema are not all values of another. */
export interface Gap {
  /** Where, as a pointer into the schema. */
  readonly pointer: string
  readonly problem: string
  /** False when it cannot be decided, for example between two patterns. */
  readonly certain: boolean
  /** What to write, when there is more to say than that an operation is missing. */
  readonly hint?: string
}

/** The first reason why `outer` may refuse a value that `inner` accepts; a certain one first. Nothing when there is none. */
export function findGap(inner: SchemaNode, outer: SchemaNode): Gap | undefined {
  const gaps = listGaps(inner, outer, '')
  return gaps.find((gap) => gap.certain) ?? gaps[0]
}

function listGaps(inner: SchemaNode, outer: SchemaNode, pointer: string): Gap[] {
  const certain = (problem: string): Gap[] => [{ pointer, problem, certain: true }]
  const unsure = (problem: string): Gap[] => [{ pointer, problem, certain: false }]
  if (outer.kind === 'opaque' && !outer.bag) return []
  if (inner.kind === 'opaque') return outer.kind === 'opaque' ? [] : unsure('unchecked JSON became a declared shape')
  if (inner.kind === 'kinds') return [...inner.branches.values()].flatMap((branch) => listGaps(branch, outer, pointer))
  if (outer.kind === 'kinds') {
    const kind = kindOfNode(inner)
    const branch = kind === undefined ? undefined : outer.branches.get(kind)
    return branch === undefined ? certain(`${inner.kind} is not among its kinds`) : listGaps(inner, branch, pointer)
  }
  if (inner.kind === 'enum') return enumGaps(inner.values, outer, pointer)
  if (outer.kind === 'enum') return certain('a free value became a fixed set')
  if (inner.kind === 'variant') {
    return [...inner.branches].flatMap(([value, branch]) => {
      const target = outer.kind === 'variant' ? outer.branches.get(value) : outer
      return target === undefined ? certain(`the branch "${value}" is gone`) : listGaps(branch, target, pointer)
    })
  }
  if (inner.kind === 'object' && outer.kind === 'object') return objectGaps(inner, outer, pointer)
  if (inner.kind === 'object' && outer.kind === 'map') return unsure('declared fields became free keys')
  if (inner.kind === 'map' && outer.kind === 'map') return mapGaps(inner, outer, pointer)
  if (inner.kind === 'list' && outer.kind === 'list') return itemListGaps(inner, outer, pointer)
  if (inner.kind === 'tuple' && outer.kind === 'tuple') return tupleGaps(inner, outer, pointer)
  if (inner.kind === 'string' && outer.kind === 'string') return stringGaps(inner, outer, pointer)
  if (inner.kind === 'number' && outer.kind === 'number') return numberGaps(inner, outer, pointer)
  return inner.kind === outer.kind ? [] : certain(`${inner.kind} became ${outer.kind}`)
}

function objectGaps(inner: ObjectNode, outer: ObjectNode, pointer: string): Gap[] {
  const gaps: Gap[] = []
  for (const property of inner.properties.values()) {
    const place = `${pointer}/properties/${property.name}`
    const target = outer.properties.get(property.name)
    if (target === undefined) {
      const hint = 'Rename, move or drop it, or declare it.'
      gaps.push({ pointer: place, problem: `"${property.name}" is not declared`, certain: true, hint })
    } else gaps.push(...listGaps(property.node, target.node, place))
  }
  for (const property of outer.properties.values()) {
    const source = inner.properties.get(property.name)
    const isFilled = source?.required === true || source?.node.default !== undefined
    if (property.required && !isFilled) {
      const place = `${pointer}/properties/${property.name}`
      const hint = `Write it with setDefault(…, value), or make it withDefault(schema, value).`
      const problem = `"${property.name}" is required and may be absent`
      gaps.push({ pointer: place, problem, certain: true, hint })
    }
  }
  return gaps
}

function mapGaps(inner: MapNode, outer: MapNode, pointer: string): Gap[] {
  const keys = inner.keyPattern === outer.keyPattern || outer.keyPattern === undefined
  const gaps: Gap[] = keys ? [] : [{ pointer, problem: 'the key pattern is another one', certain: false }]
  const counts = rangeGaps(
    [inner.minProperties, inner.maxProperties],
    [outer.minProperties, outer.maxProperties],
    'keys',
    pointer,
  )
  return [...gaps, ...counts, ...listGaps(inner.value, outer.value, `${pointer}/additionalProperties`)]
}

function itemListGaps(inner: ListNode, outer: ListNode, pointer: string): Gap[] {
  const counts = rangeGaps([inner.minItems, inner.maxItems], [outer.minItems, outer.maxItems], 'items', pointer)
  const mayRepeat = outer.uniqueItems && !inner.uniqueItems && (inner.maxItems ?? 2) > 1
  const repeats: Gap[] = mayRepeat ? [{ pointer, problem: 'items may repeat', certain: true }] : []
  return [...counts, ...repeats, ...listGaps(inner.items, outer.items, `${pointer}/items`)]
}

function tupleGaps(inner: TupleNode, outer: TupleNode, pointer: string): Gap[] {
  if (inner.items.length !== outer.items.length)
    return [{ pointer, problem: 'the length is another one', certain: true }]
  return inner.items.flatMap((item, index) =>
    listGaps(item, outer.items[index] ?? item, `${pointer}/prefixItems/${index}`),
  )
}

function stringGaps(inner: StringNode, outer: StringNode, pointer: string): Gap[] {
  const gaps = rangeGaps([inner.minLength, inner.maxLength], [outer.minLength, outer.maxLength], 'characters', pointer)
  // A bound on length is certain only where nothing else bounds the texts of the older version.
  const isFree = inner.pattern === undefined && inner.format === undefined
  const lengths = gaps.map((gap) => ({ ...gap, certain: isFree }))
  const samePattern = outer.pattern === undefined || inner.pattern === outer.pattern
  const sameFormat = outer.format === undefined || inner.format === outer.format
  if (samePattern && sameFormat) return lengths
  return [...lengths, { pointer, problem: 'the pattern or format is another one', certain: false }]
}

function numberGaps(inner: NumberNode, outer: NumberNode, pointer: string): Gap[] {
  const gaps: Gap[] = []
  const report = (problem: string): void => void gaps.push({ pointer, problem, certain: true })
  if (outer.integer && !inner.integer) report('fractions are no longer allowed')
  const [least, most] = [boundsOf(inner), boundsOf(outer)]
  if (least.low < most.low) report(`values below ${most.low} are no longer allowed`)
  if (least.high > most.high) report(`values above ${most.high} are no longer allowed`)
  if (outer.multipleOf !== undefined && (inner.multipleOf ?? 1) % outer.multipleOf !== 0)
    report('the step is another one')
  return gaps
}

function boundsOf(node: NumberNode): { low: number; high: number } {
  const step = node.integer ? 1 : 0
  const edge = node.integer ? Number.MAX_SAFE_INTEGER : Number.POSITIVE_INFINITY
  return {
    low: Math.max(
      -edge,
      node.minimum ?? -edge,
      node.exclusiveMinimum === undefined ? -edge : node.exclusiveMinimum + step,
    ),
    high: Math.min(
      edge,
      node.maximum ?? edge,
      node.exclusiveMaximum === undefined ? edge : node.exclusiveMaximum - step,
    ),
  }
}

function enumGaps(values: readonly (string | number | boolean)[], outer: SchemaNode, pointer: string): Gap[] {
  if (outer.kind === 'enum') {
    const gone = values.filter((value) => !outer.values.includes(value)).map((value) => canonicalJson(value))
    return gone.length === 0 ? [] : [{ pointer, problem: `the value ${gone.join(', ')} is gone`, certain: true }]
  }
  if (values.some((value) => kindOf(value) !== outer.kind)) {
    return [{ pointer, problem: `a fixed value became ${outer.kind}`, certain: true }]
  }
  const isFree =
    outer.kind === 'boolean' || (outer.kind === 'string' && outer.pattern === undefined && outer.format === undefined)
  return isFree ? [] : [{ pointer, problem: 'fixed values became bounded ones', certain: false }]
}

function rangeGaps(
  [innerLow, innerHigh]: [number, number | undefined],
  [outerLow, outerHigh]: [number, number | undefined],
  noun: string,
  pointer: string,
): Gap[] {
  const gaps: Gap[] = []
  if (innerLow < outerLow)
    gaps.push({ pointer, problem: `fewer than ${outerLow} ${noun} are no longer allowed`, certain: true })
  if (outerHigh !== undefined && (innerHigh ?? Number.POSITIVE_INFINITY) > outerHigh) {
    gaps.push({ pointer, problem: `more than ${outerHigh} ${noun} are no longer allowed`, certain: true })
  }
  return gaps
}
