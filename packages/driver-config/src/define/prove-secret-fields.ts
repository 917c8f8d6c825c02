import { isSecretName } from '../check/secret-forms.js'
import { listTemplates } from '../schema/list-templates.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { SchemaProblem } from '../schema/schema-problem.js'

/** Refuses a field whose name speaks of a secret and whose schema does not say what it holds. */
export function proveSecretFields(node: SchemaNode): void {
  for (const { template, node: field } of listTemplates(node)) {
    const name = template.split('.').at(-1) ?? ''
    const { annotations } = field
    const isDeclared = annotations['x-secret-ref'] !== undefined || annotations['x-not-secret'] !== undefined
    if (isDeclared || !holdsText(field) || !isSecretName(name)) continue
    const hint = 'Use secretRef() for a reference, or notSecret(schema, "reason").'
    throw new SchemaProblem(`/properties/${template}`, 'the name of this field speaks of a secret.', hint)
  }
}

/** Numbers, booleans and fixed texts hold no secrets; objects are judged field by field. */
function holdsText(node: SchemaNode): boolean {
  if (node.kind === 'kinds') return [...node.branches.values()].some(holdsText)
  if (node.kind === 'list') return holdsText(node.items)
  return node.kind === 'string' || node.kind === 'opaque'
}
