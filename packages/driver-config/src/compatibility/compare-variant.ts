import type { EnumNode, ObjectNode, SchemaNode, VariantNode } from '../schema/schema-node.js'
import type { Comparison } from './compare-nested.js'
import { variantPlace } from './schema-place.js'

/** Compares two unions of objects, branch by branch of what selects them. */
export function compareVariants({ before, after, place, changes, compare }: Comparison<VariantNode>): void {
  const { tag } = before
  if (tag !== after.tag) {
    const facts = { before: tag, after: after.tag, what: `selects its branch by "${after.tag}" instead of "${tag}"` }
    changes.addRefusal(place, 'DISCRIMINATOR_CHANGED', facts, { node: before, isolated: after })
    return
  }
  for (const [value, branch] of before.branches) {
    if (after.branches.has(value)) continue
    const branches = new Map([...before.branches].filter(([each]) => each !== value))
    const isolated = { ...before, branches }
    const facts = { before: value, what: `has no branch "${value}" any more` }
    const node = narrowTag(branch, tag, [value])
    changes.addShown(place.path, 'UNION_BRANCH_REMOVED', facts, changes.showAt(place, isolated, node))
  }
  for (const { earlier, later, values } of pairsOf(before, after)) {
    const nodes = [narrowTag(earlier, tag, values), narrowTag(later, tag, values)] as const
    compare(...nodes, variantPlace(place, before, values), changes)
  }
  for (const value of after.branches.keys()) {
    if (before.branches.has(value)) continue
    changes.add(place.path, 'UNION_BRANCH_ADDED', { after: value, what: `has a branch "${value}"` })
  }
}

/** Two unions, or a union and an object that could be a branch of it; `undefined` for everything else. */
export function asVariants(
  before: SchemaNode,
  after: SchemaNode,
): { readonly before: VariantNode; readonly after: VariantNode } | undefined {
  const tag = before.kind === 'variant' ? before.tag : after.kind === 'variant' ? after.tag : undefined
  if (tag === undefined) return undefined
  const [earlier, later] = [asVariant(before, tag), asVariant(after, tag)]
  return earlier === undefined || later === undefined ? undefined : { before: earlier, after: later }
}

/** A lone object as a union of the branches that its member tells apart; `undefined` when that member is no tag. */
function asVariant(node: SchemaNode, tag: string): VariantNode | undefined {
  if (node.kind === 'variant') return node
  const member = node.kind === 'object' ? node.properties.get(tag) : undefined
  if (node.kind !== 'object' || member?.required !== true || member.node.kind !== 'enum') return undefined
  const values = member.node.values.filter((value) => typeof value === 'string')
  if (values.length !== member.node.values.length) return undefined
  const branches = new Map(values.map((value) => [value, node]))
  return { ...node, kind: 'variant', tag, branches }
}

interface BranchPair {
  readonly earlier: ObjectNode
  readonly later: ObjectNode
  readonly values: readonly string[]
}

/** Values that lead from one branch to one branch are compared once. */
function pairsOf(before: VariantNode, after: VariantNode): BranchPair[] {
  const pairs: { earlier: ObjectNode; later: ObjectNode; values: string[] }[] = []
  for (const [value, earlier] of before.branches) {
    const later = after.branches.get(value)
    if (later === undefined) continue
    const known = pairs.find((pair) => pair.earlier === earlier && pair.later === later)
    if (known === undefined) pairs.push({ earlier, later, values: [value] })
    else known.values.push(value)
  }
  return pairs
}

/** A branch for some values of the tag: the others are another pair's matter. */
function narrowTag(branch: ObjectNode, tag: string, values: readonly string[]): ObjectNode {
  const member = branch.properties.get(tag)
  if (member === undefined) return branch
  const node: EnumNode = { kind: 'enum', annotations: member.node.annotations, values }
  return { ...branch, properties: new Map([...branch.properties, [tag, { ...member, node }]]) }
}
