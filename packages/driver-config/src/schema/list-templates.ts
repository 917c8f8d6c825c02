import { joinTemplate } from '../issue/path.js'
import type { SchemaNode } from './schema-node.js'

/** A field of a schema, by the path template that all its places share. */
export interface TemplateEntry {
  /** `mounts[].read_only`; values of a map are `labels{}`. */
  readonly template: string
  readonly node: SchemaNode
  /** False when the field may be absent. */
  readonly required: boolean
}

/** Every field of a schema, parents before children, in the order of declaration. Branches of a union are merged. */
export function listTemplates(node: SchemaNode, template = ''): TemplateEntry[] {
  switch (node.kind) {
    case 'object':
      return [...node.properties.values()].flatMap((property) => {
        const place = joinTemplate(template, property.name)
        return [
          { template: place, node: property.node, required: property.required },
          ...listTemplates(property.node, place),
        ]
      })
    case 'map':
      return listTemplates(node.value, joinTemplate(template, '{}'))
    case 'list':
      return listTemplates(node.items, joinTemplate(template, '[]'))
    case 'tuple':
      return node.items.flatMap((item) => listTemplates(item, joinTemplate(template, '[]')))
    case 'variant':
      return [...new Set(node.branches.values())].flatMap((branch) => listTemplates(branch, template))
    case 'kinds':
      return [...node.branches.values()].flatMap((branch) => listTemplates(branch, template))
    default:
      return []
  }
}
