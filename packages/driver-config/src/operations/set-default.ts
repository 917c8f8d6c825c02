import type { JsonValue } from '../envelope/json-value.js'
import { canonicalJson } from '../schema/canonical-json.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'
import { editObjects, withProperties } from './edit-node.js'
import { type BoundOperation, type Operation, requireMember } from './operation.js'
import { formatTemplate, type TemplateStep, visitObjects } from './template-steps.js'

/**
 * Writes a value where a field is absent, so that older documents keep the meaning that absence had for them. The way back
 * removes the field when it has exactly this value; another value of a field that the older version does not have is lost,
 * with a note.
 */
export function setDefault(path: string, value: JsonValue): Operation {
  const { parent, name } = requireMember(path)
  const written = canonicalJson(value)
  return {
    data: { op: 'setDefault', path, value },
    bind(node): BoundOperation {
      const bound = node === undefined ? undefined : addToNode(node, parent, name)
      return {
        node: bound?.node,
        up(draft) {
          visitObjects(draft, parent, (object) => {
            if (!Object.hasOwn(object, name)) object[name] = structuredClone(value)
          })
          return draft
        },
        down(draft, note) {
          visitObjects(draft, parent, (object) => {
            const current = Object.hasOwn(object, name) ? object[name] : undefined
            if (current === undefined) return
            const isWritten = canonicalJson(current) === written
            if (!isWritten && bound?.existed === true) return
            delete object[name]
            if (!isWritten) note(`"${path}" has no place in the older version`)
          })
          return draft
        },
        replaces: {},
      }
    },
  }
}

function addToNode(
  node: SchemaNode,
  parent: readonly TemplateStep[],
  name: string,
): { node: SchemaNode; existed: boolean } {
  let existed = false
  const edited = editObjects(node, parent, (object) => {
    const property = object.properties.get(name)
    existed ||= property !== undefined
    // A field that the version before does not have gets its shape from the version that declares it.
    const shape: SchemaNode = property?.node ?? {
      kind: 'opaque',
      annotations: {},
      reason: 'set by a migration',
      bag: false,
    }
    const others = [...object.properties.values()].filter((each) => each.name !== name)
    return withProperties(object, [...others, { name, required: true, node: shape }])
  })
  if (edited !== undefined) return { node: edited, existed }
  throw new SchemaProblem(
    '',
    `the version before has no object at "${formatTemplate(parent)}".`,
    'Name a field of one.',
  )
}
