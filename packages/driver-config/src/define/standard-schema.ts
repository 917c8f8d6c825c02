import type { ConfigLineage } from '../check/lineage.js'
import { parseBlock } from '../check/parse.js'
import type { JsonObject } from '../envelope/json-value.js'
import type { CheckResult } from '../issue/check-result.js'
import { ConfigError } from '../issue/config-error.js'
import type { ConfigIssue } from '../issue/config-issue.js'
import { describeIssue } from '../issue/format-issues.js'
import { fromPointer } from '../issue/path.js'
import { toDraft07 } from '../schema/draft-07.js'
import { publishedSchema } from './published-schema.js'
import { resolvedSchema } from './resolved-schema.js'

/** An issue as the Standard Schema interface has it. */
export interface StandardIssue {
  readonly message: string
  readonly path: readonly PropertyKey[]
}

/** What a JSON Schema is asked for, by the Standard JSON Schema interface. */
export interface StandardJsonSchemaOptions {
  /** `draft-2020-12` or `draft-07`. */
  readonly target: string
}

/**
 * The Standard JSON Schema interface, version 1.
 *
 * Both throw a ConfigError `unknown-target` for another target.
 */
export interface StandardJsonSchemas {
  /** Blocks of every supported version, from which the marker selects. */
  input(options: StandardJsonSchemaOptions): Record<string, unknown>
  /** The current version as handlers get it. */
  output(options: StandardJsonSchemaOptions): Record<string, unknown>
}

/** A schema in 2020-12, without the keyword that says so. */
interface BothSchemas {
  readonly input: () => JsonObject
  readonly output: () => JsonObject
}

/** The Standard Schema interface, version 1: what form, router and environment libraries ask for. */
export interface StandardSchemaProps<Output, Input = unknown> {
  readonly version: 1
  readonly vendor: 'openshell-ts'
  /** Input is a block of any supported version, output the current version, complete. */
  validate(value: unknown): { readonly value: Output } | { readonly issues: readonly StandardIssue[] }
  readonly jsonSchema: StandardJsonSchemas
  /** For the compiler alone. The input is a block of the current version with its marker: without one it would mean the baseline. */
  readonly types?: { readonly input: Input & { readonly schema_version: number }; readonly output: Output }
}

/** The Standard Schema of a lineage. */
export function standardSchema(lineage: ConfigLineage): StandardSchemaProps<unknown> {
  return toStandardSchema((block) => parseBlock(block, lineage, {}), {
    input: () => choiceOf(lineage),
    output: () => resolvedSchema(lineage.current.node),
  })
}

/** A check as a Standard Schema. */
export function toStandardSchema<Output, Input = unknown>(
  check: (block: unknown) => CheckResult<Output>,
  schemas: BothSchemas,
): StandardSchemaProps<Output, Input> {
  return {
    version: 1,
    vendor: 'openshell-ts',
    jsonSchema: {
      input: ({ target }) => writeFor(target, schemas.input()),
      output: ({ target }) => writeFor(target, schemas.output()),
    },
    validate(value) {
      const result = check(value)
      return result.ok ? { value: result.value } : { issues: result.issues.map(toStandardIssue) }
    },
  }
}

function choiceOf(lineage: ConfigLineage): JsonObject {
  const versions = [...lineage.versions.values()].map((version): [string, JsonObject] => {
    const { $schema: _, ...schema } = publishedSchema(lineage, version)
    return [`v${version.number}`, schema]
  })
  return { $defs: Object.fromEntries(versions), oneOf: versions.map(([name]) => ({ $ref: `#/$defs/${name}` })) }
}

function writeFor(target: string, schema: JsonObject): JsonObject {
  if (target === 'draft-2020-12') return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema }
  if (target === 'draft-07') return toDraft07(schema)
  const message = 'A config has no JSON Schema of this target; ask for "draft-2020-12" or "draft-07".'
  throw new ConfigError({ kind: 'unknown-target', message })
}

function toStandardIssue(issue: ConfigIssue): StandardIssue {
  const path = fromPointer(issue.pointer).map((token) => (/^(?:0|[1-9][0-9]*)$/.test(token) ? Number(token) : token))
  return { message: describeIssue(issue), path }
}
