import { checkStructure } from '../check/structure.js'
import { StructureReport } from '../check/structure-report.js'
import { endSentence } from '../issue/end-sentence.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'

/** Refuses a default that its own schema does not accept, anywhere in a schema, so that filling in defaults cannot fail. */
export function proveDefaults(node: SchemaNode, pointer = ''): void {
  if (node.default !== undefined) {
    const report = new StructureReport({ root: 'default', schemaVersion: 0 }, node, [], true)
    checkStructure(node, node.default, report)
    const [first] = report.issues
    if (first !== undefined) {
      throw new SchemaProblem(
        `${pointer}/default`,
        endSentence(`the default is not valid: ${first.message}`),
        'Correct the default.',
      )
    }
  }
  for (const [step, child] of childrenOf(node)) proveDefaults(child, `${pointer}${step}`)
}

function childrenOf(node: SchemaNode): [string, SchemaNode][] {
  switch (node.kind) {
    case 'object':
      return [...node.properties.values()].map((property) => [`/properties/${property.name}`, property.node])
    case 'map':
      return [['/additionalProperties', node.value]]
    case 'list':
      return [['/items', node.items]]
    case 'tuple':
      return node.items.map((item, index) => [`/prefixItems/${index}`, item])
    case 'variant':
    case 'kinds':
      return [...new Set<SchemaNode>(node.branches.values())].map((branch, index) => [`/anyOf/${index}`, branch])
    default:
      return []
  }
}
