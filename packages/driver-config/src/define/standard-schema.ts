import type { ConfigLineage } from '../check/lineage.js'
import { parseBlock } from '../check/parse.js'
import type { CheckResult } from '../issue/check-result.js'
import type { ConfigIssue } from '../issue/config-issue.js'
import { describeIssue } from '../issue/format-issues.js'
import { fromPointer } from '../issue/path.js'

/** An issue as the Standard Schema interface has it. */
export interface StandardIssue {
  readonly message: string
  readonly path: readonly PropertyKey[]
}

/** The Standard Schema interface, version 1: what form, router and environment libraries ask for. */
export interface StandardSchemaProps<Output, Input = unknown> {
  readonly version: 1
  readonly vendor: 'openshell-ts'
  /** Input is a block of any supported version, output the current version, complete. */
  validate(value: unknown): { readonly value: Output } | { readonly issues: readonly StandardIssue[] }
  /** For the compiler alone. The input is a block of the current version with its marker: without one it would mean the baseline. */
  readonly types?: { readonly input: Input & { readonly schema_version: number }; readonly output: Output }
}

/** The Standard Schema of a lineage. */
export function standardSchema(lineage: ConfigLineage): StandardSchemaProps<unknown> {
  return toStandardSchema((block) => parseBlock(block, lineage, {}))
}

/** A check as a Standard Schema. */
export function toStandardSchema<Output, Input = unknown>(
  check: (block: unknown) => CheckResult<Output>,
): StandardSchemaProps<Output, Input> {
  return {
    version: 1,
    vendor: 'openshell-ts',
    validate(value) {
      const result = check(value)
      return result.ok ? { value: result.value } : { issues: result.issues.map(toStandardIssue) }
    },
  }
}

function toStandardIssue(issue: ConfigIssue): StandardIssue {
  const path = fromPointer(issue.pointer).map((token) => (/^(?:0|[1-9][0-9]*)$/.test(token) ? Number(token) : token))
  return { message: describeIssue(issue), path }
}
