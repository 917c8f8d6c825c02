import type { JsonKind, ObjectNode, PropertyNode, SchemaNode, VariantNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { formatTemplate, type TemplateStep } from './template-steps.js'

/** A node, or nothing when this part of the schema does not hold what is being edited. */
type Edited = SchemaNode | undefined

/** The schema with every node that a template finds replaced; refuses a template that finds none. */
export function editNodes(
  root: SchemaNode,
  steps: readonly TemplateStep[],
  edit: (node: SchemaNode) => SchemaNode,
): SchemaNode {
  const edited = editWithin(root, steps, edit)
  if (edited !== undefined) return edited
  const path = formatTemplate(steps)
  throw new SchemaProblem('', `the version before has no "${path}".`, 'Name a field of the version before.')
}

/** The schema with every object at a template edited; branches for which `edit` gives nothing stay as they are. */
export function editObjects(
  root: SchemaNode,
  steps: readonly TemplateStep[],
  edit: (object: ObjectNode) => ObjectNode | undefined,
): Edited {
  return editWithin(root, steps, (node) => editObjectNode(node, edit))
}

/** An object whose properties are replaced; the order stays the order of declaration. */
export function withProperties(object: ObjectNode, properties: readonly PropertyNode[]): ObjectNode {
  return { ...object, properties: new Map(properties.map((property) => [property.name, property])) }
}

function editObjectNode(node: SchemaNode, edit: (object: ObjectNode) => ObjectNode | undefined): Edited {
  if (node.kind === 'object') return edit(node)
  if (node.kind === 'variant') return editBranches(node, edit)
  if (node.kind !== 'kinds') return undefined
  const branch = node.branches.get('object')
  const edited = branch === undefined ? undefined : editObjectNode(branch, edit)
  return edited === undefined
    ? undefined
    : { ...node, branches: new Map<JsonKind, SchemaNode>([...node.branches, ['object', edited]]) }
}

function editBranches(node: VariantNode, edit: (object: ObjectNode) => Edited): Edited {
  const edits = new Map([...new Set(node.branches.values())].map((branch) => [branch, edit(branch)]))
  if ([...edits.values()].every((edited) => edited === undefined)) return undefined
  const branches = [...node.branches].map(([value, branch]): [string, ObjectNode] => {
    const edited = edits.get(branch)
    return [value, edited?.kind === 'object' ? edited : branch]
  })
  return { ...node, branches: new Map(branches) }
}

function editWithin(node: SchemaNode, steps: readonly TemplateStep[], edit: (node: SchemaNode) => Edited): Edited {
  const [step, ...rest] = steps
  if (step === undefined) return edit(node)
  if (node.kind === 'kinds') {
    const kind = step.type === 'items' ? 'list' : 'object'
    const branch = node.branches.get(kind)
    const edited = branch === undefined ? undefined : editWithin(branch, steps, edit)
    return edited === undefined
      ? undefined
      : { ...node, branches: new Map<JsonKind, SchemaNode>([...node.branches, [kind, edited]]) }
  }
  if (step.type === 'items') return editItems(node, rest, edit)
  if (step.type === 'values') {
    const value = node.kind === 'map' ? editWithin(node.value, rest, edit) : undefined
    return value === undefined || node.kind !== 'map' ? undefined : { ...node, value }
  }
  return editObjectNode(node, (object) => {
    const property = object.properties.get(step.name)
    const edited = property === undefined ? undefined : editWithin(property.node, rest, edit)
    if (property === undefined || edited === undefined) return undefined
    const replaced = { ...property, node: edited }
    return withProperties(
      object,
      [...object.properties.values()].map((each) => (each === property ? replaced : each)),
    )
  })
}

function editItems(node: SchemaNode, rest: readonly TemplateStep[], edit: (node: SchemaNode) => Edited): Edited {
  if (node.kind === 'list') {
    const items = editWithin(node.items, rest, edit)
    return items === undefined ? undefined : { ...node, items }
  }
  if (node.kind !== 'tuple') return undefined
  const items = node.items.map((item) => editWithin(item, rest, edit))
  if (items.every((item) => item === undefined)) return undefined
  return { ...node, items: node.items.map((item, index) => items[index] ?? item) }
}
