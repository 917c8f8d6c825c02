import type { Note } from '../check/lineage.js'
import { isJsonObject, type JsonValue } from '../envelope/json-value.js'
import type { Replacements } from '../issue/version-hints.js'
import type { ObjectNode, SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { editNodes } from './edit-node.js'
import { type BoundOperation, type Draft, type Operation, requireSteps } from './operation.js'
import { type TemplateStep, visitMembers, writeMember } from './template-steps.js'

/** Applies operations to every item of a list, every value of a map, or an object: `each('mounts[]', [rename('ro', 'read_only')])`. */
export function each(path: string, operations: readonly Operation[]): Operation {
  const steps = requireSteps(path)
  return {
    data: { op: 'each', path, ops: operations.map((operation) => operation.data) },
    bind(node): BoundOperation {
      const parts = bindWithin(node, steps, operations, (inner) => inner)
      return editParts(parts, steps, path, () => true)
    },
  }
}

/** Applies operations to one branch of a union: `inVariant('mounts[]', 'bind', [rename('src', 'source')])`. */
export function inVariant(path: string, value: string, operations: readonly Operation[]): Operation {
  const steps = requireSteps(path)
  return {
    data: { op: 'inVariant', path, value, ops: operations.map((operation) => operation.data) },
    bind(node): BoundOperation {
      const tag = node === undefined ? undefined : findTag(node, steps, path)
      const parts = bindWithin(node, steps, operations, (inner) => requireBranch(inner, value, path))
      return editParts(parts, steps, path, (item) => tag === undefined || item[tag] === value)
    },
  }
}

interface BoundParts {
  readonly node: SchemaNode | undefined
  readonly parts: readonly BoundOperation[]
}

/** Binds operations one after the other to the part of the schema at a path. */
function bindWithin(
  node: SchemaNode | undefined,
  steps: readonly TemplateStep[],
  operations: readonly Operation[],
  select: (inner: SchemaNode) => SchemaNode,
): BoundParts {
  if (node === undefined) return { node: undefined, parts: bindSequence(undefined, operations).parts }
  let parts: readonly BoundOperation[] = []
  const edited = editNodes(node, steps, (inner) => {
    const selected = select(inner)
    const bound = bindSequence(selected, operations)
    parts = bound.parts
    if (bound.node === undefined)
      throw new SchemaProblem('', 'code() cannot stand inside each().', 'Use it at the top level.')
    return inner === selected ? bound.node : replaceBranch(inner, selected, bound.node)
  })
  return { node: edited, parts }
}

/** Binds operations one after the other, each to the schema that the one before leaves. */
export function bindSequence(node: SchemaNode | undefined, operations: readonly Operation[]): BoundParts {
  const parts: BoundOperation[] = []
  let current = node
  for (const operation of operations) {
    const bound = operation.bind(current)
    parts.push(bound)
    current = bound.node
  }
  return { node: current, parts }
}

function editParts(
  { node, parts }: BoundParts,
  steps: readonly TemplateStep[],
  path: string,
  applies: (item: Draft) => boolean,
): BoundOperation {
  const run = (draft: Draft, edit: (item: Draft) => JsonValue): Draft => {
    visitMembers(draft, steps, (holder, key, value) => {
      if (isJsonObject(value) && applies(value)) writeMember(holder, key, edit(value))
    })
    return draft
  }
  const isReversible = parts.every((part) => part.down !== undefined)
  return {
    node,
    up: (draft, note) => run(draft, (item) => runParts(parts, item, note)),
    ...(isReversible
      ? { down: (draft: Draft, note: Note) => run(draft, (item) => runPartsBack(parts, item, note)) }
      : {}),
    replaces: prefixReplacements(parts, path),
  }
}

/** Runs bound operations in order. */
export function runParts(parts: readonly BoundOperation[], draft: Draft, note: Note): JsonValue {
  return parts.reduce<JsonValue>((value, part) => part.up(requireDraft(value), note), draft)
}

/** Runs the ways back in reverse order. */
export function runPartsBack(parts: readonly BoundOperation[], draft: Draft, note: Note): JsonValue {
  return parts.reduceRight<JsonValue>((value, part) => part.down?.(requireDraft(value), note) ?? value, draft)
}

function requireDraft(value: JsonValue): Draft {
  if (isJsonObject(value)) return value
  throw new Error('a migration must give an object')
}

function prefixReplacements(parts: readonly BoundOperation[], path: string): Replacements {
  const pairs = parts.flatMap((part) => Object.entries(part.replaces))
  return Object.fromEntries(pairs.map(([from, to]) => [`${path}.${from}`, `${path}.${to}`]))
}

function findTag(node: SchemaNode, steps: readonly TemplateStep[], path: string): string {
  let tag: string | undefined
  editNodes(node, steps, (inner) => {
    if (inner.kind === 'variant') tag = inner.tag
    return inner
  })
  if (tag !== undefined) return tag
  throw new SchemaProblem('', `"${path}" is not a union.`, 'Use each() for lists and objects of one shape.')
}

function requireBranch(node: SchemaNode, value: string, path: string): SchemaNode {
  const branch = node.kind === 'variant' ? node.branches.get(value) : undefined
  if (branch !== undefined) return branch
  throw new SchemaProblem('', `"${path}" has no branch "${value}".`, 'Name a branch of the version before.')
}

function replaceBranch(node: SchemaNode, from: SchemaNode, to: SchemaNode): SchemaNode {
  if (node.kind !== 'variant' || to.kind !== 'object') return node
  const branches = [...node.branches].map(([value, branch]): [string, ObjectNode] => [
    value,
    branch === from ? to : branch,
  ])
  return { ...node, branches: new Map(branches) }
}
