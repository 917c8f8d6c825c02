import { speaksOfSecret } from '../check/secret-forms.js'
import { listTemplates } from '../schema/list-templates.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'

/** Refuses a field whose name speaks of a secret and whose schema does not say what it holds. */
export function proveSecretFields(node: SchemaNode): void {
  for (const { template, node: field } of listTemplates(node)) {
    const name = template.split('.').at(-1) ?? ''
    // Items and values of a map are judged with the field that holds them.
    if (/[\]}]$/.test(name) || !holdsText(field) || !speaksOfSecret(name)) continue
    const hint = 'Use secretRef() for a reference, or notSecret(schema, "reason").'
    throw new SchemaProblem(`/properties/${template}`, 'the name of this field speaks of a secret.', hint)
  }
}

/** Numbers, booleans and fixed texts hold no secrets; objects are judged field by field, and declared fields say what they hold. */
function holdsText(node: SchemaNode): boolean {
  const { annotations } = node
  if (annotations['x-secret-ref'] !== undefined || annotations['x-not-secret'] !== undefined) return false
  switch (node.kind) {
    case 'kinds':
      return [...node.branches.values()].some(holdsText)
    case 'list':
      return holdsText(node.items)
    case 'tuple':
      return node.items.some(holdsText)
    case 'map':
      return holdsText(node.value)
    default:
      return node.kind === 'string' || node.kind === 'opaque'
  }
}
