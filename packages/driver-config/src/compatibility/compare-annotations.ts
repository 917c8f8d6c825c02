import type { JsonValue } from '../envelope/json-value.js'
import { canonicalJson } from '../schema/canonical-json.js'
import { nullKeyword } from '../schema/null-means-absent.js'
import type { SchemaNode } from '../schema/schema-node.js'
import type { ChangeFacts, ChangeList } from './change-list.js'
import type { CompatibilityRule } from './compatibility-rules.js'
import type { SchemaPlace } from './schema-place.js'

/** What the two schemas say, for facts of a change. */
type Said = Pick<ChangeFacts, 'before' | 'after'>

const textRules: Readonly<Record<string, CompatibilityRule>> = {
  title: 'TITLE_CHANGED',
  description: 'DESCRIPTION_CHANGED',
  examples: 'EXAMPLE_CHANGED',
  deprecated: 'DEPRECATION_CHANGED',
  'x-printable': 'ANNOTATION_CHANGED',
  'x-since': 'ANNOTATION_CHANGED',
  // What it changes for documents is compared for the whole block.
  'x-not-secret': 'ANNOTATION_CHANGED',
}

/** The comparator of unchecked JSON reads these. */
const shapeAnnotations = ['x-opaque', 'x-bag']

/** Compares defaults, units, stages, marks and texts of two nodes at one place. */
export function compareAnnotations(
  before: SchemaNode,
  after: SchemaNode,
  place: SchemaPlace,
  changes: ChangeList,
): void {
  compareDefaults(before, after, place, changes)
  const keywords = new Set([...Object.keys(before.annotations), ...Object.keys(after.annotations)])
  for (const keyword of keywords) {
    const said = { before: before.annotations[keyword], after: after.annotations[keyword] }
    if (shapeAnnotations.includes(keyword) || isSame(said.before, said.after)) continue
    const textRule = Object.hasOwn(textRules, keyword) ? textRules[keyword] : undefined
    if (textRule !== undefined) changes.add(place.path, textRule, { ...said, what: `has another "${keyword}"` })
    else if (keyword === nullKeyword) compareAbsentNull(before, after, place, changes)
    else compareMark(keyword, said, place.path, changes)
  }
}

function compareDefaults(
  before: SchemaNode,
  after: SchemaNode,
  { path, optional }: SchemaPlace,
  changes: ChangeList,
): void {
  const said = { before: before.default, after: after.default }
  if (isSame(said.before, said.after)) return
  if (!optional) changes.add(path, 'DEFAULT_UNUSED', { ...said, what: 'has another default, which no document gets' })
  else if (said.before === undefined) {
    changes.add(path, 'DEFAULT_ADDED', { ...said, what: 'has a default; it was absent where a document left it out' })
  } else if (said.after === undefined) {
    changes.add(path, 'DEFAULT_REMOVED', { ...said, what: 'has no default any more' })
  } else changes.add(path, 'DEFAULT_CHANGED', { ...said, what: 'has another default' })
}

function compareMark(keyword: string, said: Said, path: string, changes: ChangeList): void {
  const isChanged = said.before !== undefined && said.after !== undefined
  if (keyword === 'x-unit') {
    // A unit that is stated for the first time may be the one that always held.
    const verdict = isChanged ? 'break' : 'unknown'
    changes.add(path, 'UNIT_CHANGED_SAME_NAME', { ...said, verdict, what: 'has another unit under the same name' })
  } else if (keyword === 'x-experimental') {
    const isLowered = said.after === true
    const what = isLowered ? 'became experimental, so that operators may refuse it' : 'is no longer experimental'
    changes.add(path, isLowered ? 'STAGE_LOWERED' : 'STAGE_RAISED', { ...said, what })
  } else if (keyword === 'x-secret-ref' && !isChanged) {
    const isAdded = said.after !== undefined
    const what = isAdded ? 'holds the name of a secret now' : 'no longer holds the name of a secret'
    changes.add(path, isAdded ? 'SECRET_ADDED' : 'SECRET_REMOVED', { ...said, verdict: 'unknown', what })
  } else changes.add(path, 'UNDECIDED_CHANGE', { ...said, what: `has another "${keyword}"` })
}

function compareAbsentNull(before: SchemaNode, after: SchemaNode, place: SchemaPlace, changes: ChangeList): void {
  const said = { before: before.annotations[nullKeyword], after: after.annotations[nullKeyword] }
  if (takesNull(before) || takesNull(after)) {
    changes.add(place.path, 'UNDECIDED_CHANGE', { ...said, what: 'reads null in another way' })
  } else if (said.after === true) {
    changes.add(place.path, 'CONSTRAINT_DROPPED', { ...said, what: 'takes null as absent' })
  } else {
    const { [nullKeyword]: _, ...annotations } = before.annotations
    const search = { node: before, isolated: { ...before, annotations }, candidates: [null] }
    changes.addRefusal(place, 'NULL_REMOVED', { ...said, what: 'no longer takes null' }, search)
  }
}

function takesNull(node: SchemaNode): boolean {
  return node.kind === 'opaque' || (node.kind === 'kinds' && node.branches.has('null'))
}

function isSame(before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  if (before === undefined || after === undefined) return before === after
  return canonicalJson(before) === canonicalJson(after)
}
