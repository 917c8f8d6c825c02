import type { SchemaNode } from '../schema/schema-node.js'
import type { ChangeList } from './change-list.js'
import type { SchemaPlace } from './schema-place.js'

/** Compares two nodes at one place; the comparators of one kind get it, so that they do not import each other. */
export type CompareNested = (before: SchemaNode, after: SchemaNode, place: SchemaPlace, changes: ChangeList) => void

/** What a comparator of one kind works on. */
export interface Comparison<Node extends SchemaNode> {
  readonly before: Node
  readonly after: Node
  readonly place: SchemaPlace
  readonly changes: ChangeList
  readonly compare: CompareNested
}
