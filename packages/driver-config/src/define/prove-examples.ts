import type { ConfigLineage, ConfigVersion } from '../check/lineage.js'
import { markerKey } from '../check/marker.js'
import { checkValue, parseBlock } from '../check/parse.js'
import type { ConfigIssue } from '../issue/config-issue.js'
import { endSentence } from '../issue/end-sentence.js'
import { describeIssue } from '../issue/format-issues.js'
import type { ConfigOwner } from '../issue/owner-title.js'
import type { InvalidExample, VersionDeclaration, VersionExamples } from './config-chain.js'
import { DefinitionError } from './definition-error.js'

/**
 * Refuses a version without examples, and examples that do not show what they say: valid ones that their version refuses or that do not survive the way to the
 * current version, and invalid ones that pass or fail for another reason.
 */
export function proveExamples(declared: VersionDeclaration, lineage: ConfigLineage): void {
  const version = lineage.versions.get(declared.number)
  if (version === undefined) return
  const { minimal, full, invalid } = declaredExamples(declared, lineage)
  for (const [name, value] of Object.entries<unknown>({ minimal, full })) proveValid(name, value, version, lineage)
  for (const [index, example] of invalid.entries()) proveInvalid(index, example, version, lineage)
}

/**
 * The examples of a version. Authors who write JavaScript have no compiler that asks for them.
 *
 * @throws DefinitionError when a kind of them is missing.
 */
export function declaredExamples(
  declared: VersionDeclaration,
  { driverName, owner }: ConfigOwner,
): VersionExamples<unknown> {
  const examples: Partial<VersionExamples<unknown>> = declared.options.examples ?? {}
  const { minimal, full, invalid } = examples
  if (minimal !== undefined && full !== undefined && invalid?.[0] !== undefined) return { minimal, full, invalid }
  const problem = 'the version has no complete examples.'
  const hint = 'Pass examples: { minimal, full, invalid: [{ value, code, path }] }.'
  throw new DefinitionError({ driverName, owner, version: declared.number, problem, hint })
}

function proveValid(name: string, value: unknown, version: ConfigVersion, lineage: ConfigLineage): void {
  const block = typeof value === 'object' && value !== null ? { ...value, [markerKey]: version.number } : value
  // Neither the request nor the operator's settings are known here; what depends on them is not what an example shows.
  const result = parseBlock(block, lineage, {})
  const isElsewhere = ({ code, fault }: ConfigIssue) => code === 'CONFLICTS_WITH_REQUEST' || fault === 'operator'
  if (result.ok || result.issues.every(isElsewhere)) return
  fail(
    version,
    lineage,
    `the example "${name}" is refused: ${result.issues.map((issue) => endSentence(describeIssue(issue))).join(' ')}`,
  )
}

function proveInvalid(index: number, example: InvalidExample, version: ConfigVersion, lineage: ConfigLineage): void {
  const { value, code, path } = example
  const result = checkValue(value, version, lineage, {})
  if (result.ok) fail(version, lineage, `the invalid example ${index} is accepted.`)
  else if (!result.issues.some((issue) => issue.code === code && issue.path === path)) {
    const found = result.issues.map((issue) => `${issue.code} at ${issue.path}`).join(', ')
    fail(version, lineage, `the invalid example ${index} gives ${found}, not ${code} at ${path}.`)
  }
}

function fail(version: ConfigVersion, lineage: ConfigLineage, problem: string): never {
  const { driverName, owner } = lineage
  throw new DefinitionError({ driverName, owner, version: version.number, problem, hint: 'Correct it.' })
}
