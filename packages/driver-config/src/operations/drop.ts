import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { editObjects, withProperties } from './edit-node.js'
import { type BoundOperation, type Operation, requireMember } from './operation.js'
import { formatTemplate, type TemplateStep, visitObjects } from './template-steps.js'

/** Options of `drop`. */
export interface DropOptions {
  /** Why the field has no place in the newer version; shown to users who wrote it. */
  readonly reason: string
}

/** Removes a field. A document that has it gets a note; nothing brings the value back. */
export function drop(path: string, { reason }: DropOptions): Operation {
  const { parent, name } = requireMember(path)
  return {
    data: { op: 'drop', path, reason },
    bind: (node): BoundOperation => ({
      node: node === undefined ? undefined : dropFromNode(node, parent, name),
      up(draft, note) {
        visitObjects(draft, parent, (object) => {
          if (!Object.hasOwn(object, name)) return
          delete object[name]
          note(`dropped "${path}": ${reason}`)
        })
        return draft
      },
      down: (draft) => draft,
      replaces: {},
    }),
  }
}

function dropFromNode(node: SchemaNode, parent: readonly TemplateStep[], name: string): SchemaNode {
  const edited = editObjects(node, parent, (object) => {
    if (!object.properties.has(name)) return undefined
    return withProperties(
      object,
      [...object.properties.values()].filter((property) => property.name !== name),
    )
  })
  if (edited !== undefined) return edited
  const path = formatTemplate([...parent, { type: 'name', name }])
  throw new SchemaProblem('', `the version before has no "${path}".`, 'Name a field of the version before.')
}
