import { annotate } from './annotate.js'

/** Options of `secretRef`. */
export interface SecretRefOptions {
  /** The form of a reference, as a regular expression. @default names with `/`, `.`, `-` and `_`, at most 253 characters */
  readonly pattern?: string
}

const defaultPattern = '^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,251}[A-Za-z0-9])?$'

/**
 * Marks a text as a reference to a secret, by the name that the driver looks up: `secretRef(Type.String(), 'a Kubernetes
 * secret')`. What stands there never appears in a report, not even in the text of a rule.
 */
export function secretRef<Schema extends object>(schema: Schema, what: string, options: SecretRefOptions = {}): Schema {
  const { pattern = defaultPattern } = options
  return annotate(schema, { 'x-secret-ref': what, pattern, maxLength: 253 })
}

/** States that a field holds no secret although its name speaks of one: `notSecret(Type.Integer(), 'a count of tokens')`. */
export function notSecret<Schema extends object>(schema: Schema, reason: string): Schema {
  return annotate(schema, { 'x-not-secret': reason })
}
