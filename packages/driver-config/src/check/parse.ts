import type { JsonObject } from '../envelope/json-value.js'
import { type CheckResult, hasIssues } from '../issue/check-result.js'
import type { ConfigIssue } from '../issue/config-issue.js'
import { deepFreeze } from '../schema/deep-freeze.js'
import { acceptAtOnce } from './accept-at-once.js'
import { checkCurrent } from './check-current.js'
import { type CheckedBlock, checkDeclared, checkFixed, type ReadFailure } from './check-declared.js'
import { applyDefaults } from './defaults.js'
import type { ConfigLineage, ConfigVersion, ParseContext } from './lineage.js'
import { migrateValue } from './migrate.js'
import { redactIssues, sensitiveTexts } from './secrets.js'
import { sortByDocument } from './sort-by-document.js'
import { limitWarnings, warnAboutBlock } from './warnings.js'

/** Checks a block against the version that it declares, and gives it back without marker and with defaults. */
export function checkBlock(block: unknown, lineage: ConfigLineage, context: ParseContext): CheckResult<JsonObject> {
  const quick = acceptAtOnce(block, lineage, context)
  if (quick !== undefined) return quick
  return checkOnly(checkDeclared(block, lineage, context), lineage, context)
}

/** Checks a value of one version; there is no marker to read, so that `schema_version` is an unknown field. */
export function checkValue(
  value: unknown,
  version: ConfigVersion,
  lineage: ConfigLineage,
  context: ParseContext,
): CheckResult<JsonObject> {
  return checkOnly(checkFixed(value, version, lineage, context), lineage, context)
}

/** Checks a block, completes it, and migrates it to version `to`: the current one unless a tool asks for another. */
export function parseBlock(
  block: unknown,
  lineage: ConfigLineage,
  context: ParseContext,
  to = lineage.max,
): CheckResult<JsonObject> {
  const quick = acceptAtOnce(block, lineage, context)
  if (quick?.declaredVersion === to) return quick
  const checked = checkDeclared(block, lineage, context)
  return checked.ok ? completeBlock(checked, lineage, context, to) : refuse(checked.issues, undefined)
}

/** Completes a block that was read, migrates it to version `to`, and checks it there. */
export function completeBlock(
  checked: CheckedBlock,
  lineage: ConfigLineage,
  context: ParseContext,
  to = lineage.max,
): CheckResult<JsonObject> {
  if (checked.structure.some(isError)) return refuse(checked.issues, checked)
  const complete = deepFreeze(applyDefaults(checked.version.node, checked.body) as JsonObject)
  const migrated = migrateValue(complete, checked.version.number, to, lineage, context)
  if (!migrated.ok) return refuse(checked.issues.some(isError) ? checked.issues : [migrated.issue], checked)
  const later = to === lineage.max ? checkCurrent(checked, migrated.value, lineage, context) : []
  const issues = sortByDocument([...checked.issues, ...later], checked.document)
  if (issues.some(isError)) return refuse(issues, checked)
  return accept(checked, migrated.value, issues, migrated.notes, lineage, context)
}

function checkOnly(
  checked: CheckedBlock | ReadFailure,
  lineage: ConfigLineage,
  context: ParseContext,
): CheckResult<JsonObject> {
  if (!checked.ok) return refuse(checked.issues, undefined)
  if (checked.issues.some(isError)) return refuse(checked.issues, checked)
  const value = applyDefaults(checked.version.node, checked.body) as JsonObject
  return accept(checked, value, checked.issues, [], lineage, context)
}

function accept(
  checked: CheckedBlock,
  value: JsonObject,
  issues: readonly ConfigIssue[],
  notes: readonly string[],
  lineage: ConfigLineage,
  context: ParseContext,
): CheckResult<JsonObject> {
  const { version, arrival } = checked
  const warnings = hideSecrets([...warnAboutBlock(checked, notes, lineage, context), ...issues], checked)
  return {
    ok: true,
    value: deepFreeze(value),
    warnings: limitWarnings(warnings),
    declaredVersion: version.number,
    arrival,
    digest: lineage.current.digests.shape,
  }
}

function refuse(
  found: readonly ConfigIssue[],
  checked: CheckedBlock | undefined,
): Extract<CheckResult<never>, { ok: false }> {
  const issues = hideSecrets(found, checked)
  const errors = issues.filter(isError)
  if (!hasIssues(errors)) throw new TypeError('a refusal needs an issue')
  return { ok: false, issues: errors, warnings: limitWarnings(issues.filter((issue) => !isError(issue))) }
}

function hideSecrets(issues: readonly ConfigIssue[], checked: CheckedBlock | undefined): readonly ConfigIssue[] {
  if (checked === undefined || checked.version.secrets.references.length === 0) return issues
  return redactIssues(issues, sensitiveTexts(checked.body, checked.version.secrets))
}

function isError(issue: ConfigIssue): boolean {
  return issue.severity === 'error'
}
