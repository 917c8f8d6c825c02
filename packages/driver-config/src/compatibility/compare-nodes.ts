import { canonicalJson } from '../schema/canonical-json.js'
import { readsNullAsAbsent } from '../schema/null-means-absent.js'
import type { OpaqueNode, SchemaNode } from '../schema/schema-node.js'
import type { ChangeList } from './change-list.js'
import { compareAnnotations } from './compare-annotations.js'
import { compareEnums } from './compare-enum.js'
import { compareByTrying, compareFromUnion, compareKindUnions, compareWithUnion, sharedKind } from './compare-kinds.js'
import { compareLists, compareTuples } from './compare-list.js'
import { compareMaps } from './compare-map.js'
import type { Comparison } from './compare-nested.js'
import { compareNumbers } from './compare-number.js'
import { compareObjects } from './compare-object.js'
import { compareTexts } from './compare-text.js'
import { asVariants, compareVariants } from './compare-variant.js'
import type { SchemaPlace } from './schema-place.js'

/** Compares two nodes at one place, and what is below them. */
export function compareNodes(before: SchemaNode, after: SchemaNode, place: SchemaPlace, changes: ChangeList): void {
  const comparison = { before, after, place, changes, compare: compareNodes }
  const [union, other] = before.kind === 'kinds' ? [before, after] : [after, before]
  const isMixed = union.kind === 'kinds' && other.kind !== 'kinds' && !changesNull(before, after)
  const kind = isMixed ? sharedKind(other, union) : undefined
  if (kind !== undefined && after.kind === 'kinds') compareWithUnion(comparison, after, kind)
  else if (kind !== undefined && before.kind === 'kinds') compareFromUnion(comparison, before, kind)
  else {
    compareAnnotations(before, after, place, changes)
    compareShapes(comparison)
    reportLeftovers(comparison)
  }
}

/** True when null counts as absent on one side alone, so that a branch for null means something else than it. */
function changesNull(before: SchemaNode, after: SchemaNode): boolean {
  return readsNullAsAbsent(before) !== readsNullAsAbsent(after)
}

function compareShapes(comparison: Comparison<SchemaNode>): void {
  const { before, after } = comparison
  const variants = asVariants(before, after)
  if (variants !== undefined) compareVariants({ ...comparison, ...variants })
  else if (before.kind === 'object' && after.kind === 'object') compareObjects({ ...comparison, before, after })
  else if (before.kind === 'map' && after.kind === 'map') compareMaps({ ...comparison, before, after })
  else if (before.kind === 'list' && after.kind === 'list') compareLists({ ...comparison, before, after })
  else if (before.kind === 'tuple' && after.kind === 'tuple') compareTuples({ ...comparison, before, after })
  else if (before.kind === 'string' && after.kind === 'string') compareTexts({ ...comparison, before, after })
  else if (before.kind === 'number' && after.kind === 'number') compareNumbers({ ...comparison, before, after })
  else if (before.kind === 'enum' && after.kind === 'enum') compareEnums({ ...comparison, before, after })
  else if (before.kind === 'kinds' && after.kind === 'kinds') compareKindUnions({ ...comparison, before, after })
  else if (before.kind === 'opaque' && after.kind === 'opaque') compareOpaque({ ...comparison, before, after })
  else if (before.kind !== after.kind) compareByTrying(comparison)
}

/** Nothing is known about what is passed on unchecked, so that another description may mean other values. */
function compareOpaque(comparison: Comparison<OpaqueNode>): void {
  const { before, after, place, changes } = comparison
  const said = { before: before.reason, after: after.reason }
  if (before.bag !== after.bag) compareByTrying(comparison)
  else if (said.before !== said.after) {
    changes.add(place.path, 'OPAQUE_CHANGED', { ...said, what: 'is described in another way' })
  }
}

/** What the comparator of each kind reads. */
const consumed: Readonly<Record<SchemaNode['kind'], readonly string[]>> = {
  object: ['properties'],
  map: ['keyPattern', 'minProperties', 'maxProperties', 'value'],
  list: ['minItems', 'maxItems', 'uniqueItems', 'items'],
  tuple: ['items'],
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: ['integer', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  boolean: [],
  null: [],
  enum: ['values'],
  variant: ['tag', 'branches'],
  kinds: ['branches'],
  opaque: ['reason', 'bag'],
}

/** A keyword that no comparator reads is a difference of its own, so that a new one is never passed over. */
function reportLeftovers({ before, after, place, changes }: Comparison<SchemaNode>): void {
  if (before.kind !== after.kind) return
  const read = ['kind', 'annotations', 'default', ...consumed[before.kind]]
  const [earlier, later] = [before, after].map((node) =>
    Object.fromEntries(Object.entries(node).filter(([keyword]) => !read.includes(keyword))),
  )
  if (canonicalJson(earlier ?? null) === canonicalJson(later ?? null)) return
  changes.add(place.path, 'UNDECIDED_CHANGE', { what: 'differs in keywords that are not understood' })
}
