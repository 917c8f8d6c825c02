import type { JsonValue } from '../envelope/json-value.js'
import { describeKind, describeNode } from '../schema/describe-node.js'
import { type JsonKind, type KindUnionNode, kindOf, kindOfNode, type SchemaNode } from '../schema/schema-node.js'
import { memberAcceptanceOf } from './acceptance.js'
import type { Comparison } from './compare-nested.js'
import { kindPlace } from './schema-place.js'

/** Compares two unions of kinds of JSON value, kind by kind. */
export function compareKindUnions({ before, after, place, changes, compare }: Comparison<KindUnionNode>): void {
  for (const [kind, branch] of before.branches) {
    const target = after.branches.get(kind)
    if (target !== undefined) compare(branch, target, kindPlace(place, before, kind), changes)
    else reportGone(kind, branch, before, { place, changes })
  }
  for (const kind of after.branches.keys()) if (!before.branches.has(kind)) reportNew(kind, { place, changes })
}

type Situation = Pick<Comparison<SchemaNode>, 'place' | 'changes'>

/** Compares a shape of one kind with a union that has a branch for it. */
export function compareWithUnion(comparison: Comparison<SchemaNode>, union: KindUnionNode, kind: JsonKind): void {
  const { before, place, changes, compare } = comparison
  compare(before, wholeBranch(union, kind), place, changes)
  for (const each of union.branches.keys()) if (each !== kind) reportNew(each, comparison)
}

/** Compares a union with a shape of one kind that it has a branch for. */
export function compareFromUnion(comparison: Comparison<SchemaNode>, union: KindUnionNode, kind: JsonKind): void {
  const { after, place, changes, compare } = comparison
  const inner = { ...kindPlace(place, union, kind), optional: place.optional }
  compare(wholeBranch(union, kind), after, inner, changes)
  for (const [each, branch] of union.branches) if (each !== kind) reportGone(each, branch, union, comparison)
}

/** The branch with what is said about the whole union. */
function wholeBranch(union: KindUnionNode, kind: JsonKind): SchemaNode {
  const branch = union.branches.get(kind) ?? union
  const { default: _, ...rest } = branch
  const annotations = { ...branch.annotations, ...union.annotations }
  return { ...rest, annotations, ...(union.default === undefined ? {} : { default: union.default }) }
}

function reportGone(kind: JsonKind, branch: SchemaNode, union: KindUnionNode, { place, changes }: Situation): void {
  const branches = new Map([...union.branches].filter(([each]) => each !== kind))
  const facts = { before: kind, what: `no longer takes ${describeKind(kind)}` }
  const rule = kind === 'null' ? 'NULL_REMOVED' : 'TYPE_NARROWED'
  changes.addRefusal(place, rule, facts, { node: branch, isolated: { ...union, branches } })
}

function reportNew(kind: JsonKind, { place, changes }: Situation): void {
  changes.add(place.path, 'TYPE_WIDENED', { after: kind, what: `takes ${describeKind(kind)}` })
}

/**
 * Compares shapes that have nothing to be compared keyword by keyword: the values of the older one are tried. Only where these can all
 * be listed is an answer certain.
 */
export function compareByTrying({ before, after, place, changes }: Comparison<SchemaNode>): void {
  const said = { before: describeNode(before), after: describeNode(after) }
  const facts = { ...said, what: `must be ${said.after}, and was ${said.before}` }
  const values = finiteValues(before)
  if (values?.every(memberAcceptanceOf(after)) === true) {
    const isSame = finiteValues(after)?.every(memberAcceptanceOf(before)) === true
    changes.add(place.path, isSame ? 'CONSTRAINT_REWRITTEN' : 'TYPE_WIDENED', facts)
    return
  }
  const isOpaque = before.kind === 'opaque' || after.kind === 'opaque'
  const witness = changes.findAt(place, { node: before, isolated: after, candidates: values ?? [] })
  if (witness === undefined) changes.add(place.path, isOpaque ? 'OPAQUE_CHANGED' : 'UNDECIDED_CHANGE', facts)
  else changes.addShown(place.path, isOpaque ? goneRule(before) : 'TYPE_NARROWED', facts, witness)
}

function goneRule(before: SchemaNode): 'EXTENSION_BAG_REMOVED' | 'OPAQUE_CHANGED' {
  return before.kind === 'opaque' && before.bag ? 'EXTENSION_BAG_REMOVED' : 'OPAQUE_CHANGED'
}

function finiteValues(node: SchemaNode): readonly JsonValue[] | undefined {
  if (node.kind === 'enum') return node.values
  if (node.kind === 'boolean') return [true, false]
  return node.kind === 'null' ? [null] : undefined
}

/** The kind that a union of kinds is asked for; an enum of several kinds has none. */
export function sharedKind(node: SchemaNode, union: KindUnionNode): JsonKind | undefined {
  const kind = node.kind === 'enum' ? kindOf(node.values[0] ?? null) : kindOfNode(node)
  return kind !== undefined && kindOfNode(node) !== undefined && union.branches.has(kind) ? kind : undefined
}
