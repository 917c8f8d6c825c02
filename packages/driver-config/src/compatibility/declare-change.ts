import type { JsonValue } from '../envelope/json-value.js'
import { endSentence } from '../issue/end-sentence.js'
import { printableSentence } from '../issue/path.js'
import { type CompatibilityRule, type CompatibilityVerdict, compatibilityRules } from './compatibility-rules.js'
import type { SchemaChange } from './schema-change.js'

/** What a difference outside of a schema is made of. */
export interface DeclaredChange {
  readonly path: string
  /** The sentence after the path. */
  readonly what: string
  readonly before?: JsonValue
  readonly after?: JsonValue
  /** @default the verdict of the rule */
  readonly verdict?: CompatibilityVerdict
}

/** A difference that the declaration shows by itself, with the advice of its rule. */
export function declareChange(
  rule: CompatibilityRule,
  { path, what, verdict, ...values }: DeclaredChange,
): SchemaChange {
  const { verdict: gravest, advice } = compatibilityRules[rule]
  const message = `${path}: ${endSentence(printableSentence(what))}${advice === '' ? '' : ` ${advice}`}`
  return { rule, verdict: verdict ?? gravest, path, ...values, message }
}
