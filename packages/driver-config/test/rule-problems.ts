import Type from 'typebox'
import type { ParseContext } from '../src/check/lineage.js'
import type { ConfigRule } from '../src/check/rules.js'
import { defineDriverConfig } from '../src/define/define-driver-config.js'
import { emptyExamples } from './version-examples.js'

const optional = Type.Optional
const shape = Type.Object({
  a: optional(Type.String()),
  b: optional(Type.String()),
  devices: optional(Type.Array(Type.String())),
  volumes: optional(Type.Array(Type.Object({ name: Type.String(), read_only: optional(Type.Boolean()) }))),
  mounts: optional(
    Type.Array(
      Type.Object({ volume: Type.String(), target: optional(Type.String()), read_only: optional(Type.Boolean()) }),
    ),
  ),
})

/** What a config with these rules reports about a block, warnings included. */
export function ruleProblems(rules: ConfigRule<unknown>[], block: object, context: ParseContext = {}): string[] {
  const result = defineDriverConfig('acme').version(1, shape, emptyExamples).build({ rules }).safeParse(block, context)
  const issues = result.ok ? result.warnings : [...result.issues, ...result.warnings]
  return issues.map((issue) => `${issue.code} ${issue.message}`)
}
