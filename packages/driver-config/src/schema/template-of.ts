import { joinTemplate, type PathToken } from '../issue/path.js'
import type { SchemaNode } from './schema-node.js'

/** The path template of a place in a document. Where the schema ends, keys are taken as they are and numbers as items. */
export function templateOf(node: SchemaNode, tokens: readonly PathToken[]): string {
  let nodes: readonly SchemaNode[] = [node]
  let template = ''
  for (const token of tokens) {
    const step = stepOf(nodes, token)
    template = joinTemplate(template, step)
    nodes = nodes.flatMap((each) => childrenOf(each, step))
  }
  return template
}

/** The nodes at a template; several when branches of a union share it. */
export function nodesAt(node: SchemaNode, template: string): readonly SchemaNode[] {
  return stepsOf(template).reduce<readonly SchemaNode[]>(
    (nodes, step) => nodes.flatMap((each) => childrenOf(each, step)),
    [node],
  )
}

// Declarations have few templates; published bundles of other programs may bring any number of them.
const maximumKnownSteps = 4_096
const knownSteps = new Map<string, readonly string[]>()

/** The steps of a path template: names, `[]` for items and `{}` for free keys. */
export function stepsOf(template: string): readonly string[] {
  const known = knownSteps.get(template)
  if (known !== undefined) return known
  const steps = template.match(/[^.[\]{}]+|\[\]|\{\}/g) ?? []
  if (knownSteps.size >= maximumKnownSteps) knownSteps.clear()
  knownSteps.set(template, steps)
  return steps
}

function stepOf(nodes: readonly SchemaNode[], token: PathToken): string {
  const text = String(token)
  if (nodes.some((node) => childrenOf(node, text).length > 0)) return text
  if (nodes.some((node) => childrenOf(node, '{}').length > 0)) return '{}'
  return typeof token === 'number' || nodes.some((node) => childrenOf(node, '[]').length > 0) ? '[]' : text
}

/** The nodes one step below a node: a name, `[]` or `{}`. */
export function childrenOf(node: SchemaNode, step: string): readonly SchemaNode[] {
  switch (node.kind) {
    case 'object': {
      const property = node.properties.get(step)
      return property === undefined ? [] : [property.node]
    }
    case 'map':
      return step === '{}' ? [node.value] : []
    case 'list':
      return step === '[]' ? [node.items] : []
    case 'tuple':
      return step === '[]' ? node.items : []
    case 'variant':
    case 'kinds':
      return [...new Set<SchemaNode>(node.branches.values())].flatMap((branch) => childrenOf(branch, step))
    default:
      return []
  }
}
