import { isJsonObject, type JsonObject } from '../envelope/json-value.js'
import { type Arrival, type CheckResult, hasIssues } from '../issue/check-result.js'
import { type ConfigIssue, createIssue } from '../issue/config-issue.js'
import { sortByDocument } from '../issue/sort-by-document.js'
import { deepFreeze } from '../schema/deep-freeze.js'
import { describeKind } from '../schema/describe-node.js'
import { kindOf } from '../schema/schema-node.js'
import { applyDefaults } from './defaults.js'
import { guardValue } from './guard.js'
import type { ConfigLineage, ConfigVersion, ParseContext } from './lineage.js'
import { readMarker } from './marker.js'
import { migrateValue } from './migrate.js'
import { findSecrets } from './secrets.js'
import { checkStructure } from './structure.js'
import { StructureReport } from './structure-report.js'
import { limitWarnings, warnAboutVersion } from './warnings.js'

/** A block that its declared version accepts, before defaults. */
interface CheckedBlock {
  readonly ok: true
  readonly version: ConfigVersion
  readonly body: JsonObject
  readonly arrival: Arrival
  readonly warnings: readonly ConfigIssue[]
}

type Guarded = { readonly ok: true; readonly value: JsonObject }
type Refusal = Extract<CheckResult<never>, { ok: false }>

/** Checks a block against the version that it declares, and gives it back without marker and with defaults. */
export function checkBlock(block: unknown, lineage: ConfigLineage, context: ParseContext): CheckResult<JsonObject> {
  const checked = checkDeclared(block, lineage, context)
  if (!checked.ok) return checked
  const value = applyDefaults(checked.version.node, checked.body) as JsonObject
  return accept(checked, value, [], lineage)
}

/** Checks a block, completes it, and migrates it to version `to`: the current one unless a tool asks for another. */
export function parseBlock(
  block: unknown,
  lineage: ConfigLineage,
  context: ParseContext,
  to = lineage.max,
): CheckResult<JsonObject> {
  const checked = checkDeclared(block, lineage, context)
  if (!checked.ok) return checked
  const complete = applyDefaults(checked.version.node, checked.body) as JsonObject
  const migrated = migrateValue(complete, checked.version.number, to, lineage, context)
  if (!migrated.ok) return { ok: false, issues: [migrated.issue], warnings: limitWarnings(checked.warnings) }
  return accept(checked, migrated.value, migrated.notes, lineage)
}

/** Checks a value of one version; there is no marker to read, so that `schema_version` is an unknown field. */
export function checkValue(
  value: unknown,
  version: ConfigVersion,
  lineage: ConfigLineage,
  _context: ParseContext,
): CheckResult<JsonObject> {
  const block = readBlock(value, lineage, version.number)
  if (!block.ok) return block
  const checked = checkBody(block.value, block.value, version, true, [], lineage)
  return checked.ok ? accept(checked, applyDefaults(version.node, checked.body) as JsonObject, [], lineage) : checked
}

function checkDeclared(block: unknown, lineage: ConfigLineage, context: ParseContext): CheckedBlock | Refusal {
  const guarded = readBlock(block === undefined ? {} : block, lineage, lineage.baseline)
  if (!guarded.ok) return guarded
  const marker = readMarker(guarded.value, lineage, context)
  if (!marker.ok) return refuse([marker.issue], [])
  const version = lineage.versions.get(marker.version) ?? lineage.current
  const checked = checkBody(marker.body, guarded.value, version, marker.written, marker.issues, lineage)
  return checked.ok && block === undefined ? { ...checked, arrival: 'absent' } : checked
}

function readBlock(block: unknown, lineage: ConfigLineage, schemaVersion: number): Guarded | Refusal {
  const site = { root: lineage.root, schemaVersion }
  const guarded = guardValue(block, lineage.limits, site)
  if (!guarded.ok) return refuse(guarded.issues, [])
  if (isJsonObject(guarded.value)) return { ok: true, value: guarded.value }
  const received = describeKind(kindOf(guarded.value))
  const fields = { problem: `must be an object, got ${received}`, expected: 'an object', received }
  return refuse([createIssue(site, 'CONFIG_NOT_OBJECT', [], fields)], [])
}

function checkBody(
  body: JsonObject,
  document: JsonObject,
  version: ConfigVersion,
  markerWritten: boolean,
  found: readonly ConfigIssue[],
  lineage: ConfigLineage,
): CheckedBlock | Refusal {
  const site = { root: lineage.root, schemaVersion: version.number }
  const report = new StructureReport(site, version.node, lineage.hints, markerWritten)
  checkStructure(version.node, body, report)
  const issues = sortByDocument([...found, ...report.issues, ...findSecrets(body, site)], document)
  const errors = issues.filter((issue) => issue.severity === 'error')
  const warnings = issues.filter((issue) => issue.severity === 'warning')
  return hasIssues(errors) ? refuse(errors, warnings) : { ok: true, version, body, arrival: 'present', warnings }
}

function accept(
  checked: CheckedBlock,
  value: JsonObject,
  notes: readonly string[],
  lineage: ConfigLineage,
): CheckResult<JsonObject> {
  const { version, arrival } = checked
  const site = { root: lineage.root, schemaVersion: version.number }
  const warnings = limitWarnings([...warnAboutVersion(version, notes, lineage, site), ...checked.warnings])
  const digest = lineage.current.digests.shape
  return { ok: true, value: deepFreeze(value), warnings, declaredVersion: version.number, arrival, digest }
}

function refuse(issues: readonly ConfigIssue[], warnings: readonly ConfigIssue[]): Refusal {
  if (!hasIssues(issues)) throw new TypeError('a refusal needs an issue')
  return { ok: false, issues, warnings: limitWarnings(warnings) }
}
