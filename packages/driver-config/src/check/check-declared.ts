import { isJsonObject, type JsonObject } from '../envelope/json-value.js'
import type { Arrival } from '../issue/check-result.js'
import { type ConfigIssue, createIssue } from '../issue/config-issue.js'
import { ownerTitle } from '../issue/owner-title.js'
import { deepFreeze } from '../schema/deep-freeze.js'
import { describeKind } from '../schema/describe-node.js'
import { kindOf } from '../schema/schema-node.js'
import { dropAbsentNulls } from './drop-absent-nulls.js'
import { dropUnknownKeys } from './drop-unknown-keys.js'
import { disabledIssue, experimentalIssues } from './gates.js'
import { guardValue } from './guard.js'
import type { ConfigLineage, ConfigVersion, ParseContext } from './lineage.js'
import { readMarker } from './marker.js'
import { runRules } from './rules.js'
import { findSecrets } from './secrets.js'
import { sortByDocument } from './sort-by-document.js'
import { checkStructure } from './structure.js'
import { StructureReport } from './structure-report.js'

/** A block that could be read; its issues say whether the declared version accepts it. */
export interface CheckedBlock {
  readonly ok: true
  readonly version: ConfigVersion
  /** The guarded document, with its marker: what issues are sorted by. */
  readonly document: JsonObject
  /** The document without marker. */
  readonly body: JsonObject
  readonly markerWritten: boolean
  readonly arrival: Arrival
  /** Issues about structure alone. */
  readonly structure: readonly ConfigIssue[]
  /** All issues, in document order. */
  readonly issues: readonly ConfigIssue[]
}

/** A block that cannot be read at all, or whose version is not supported. */
export interface ReadFailure {
  readonly ok: false
  readonly issues: readonly ConfigIssue[]
}

/** Reads a block and checks it against the version that it declares: guard, marker, structure, secrets, rules. */
export function checkDeclared(
  block: unknown,
  lineage: ConfigLineage,
  context: ParseContext,
): CheckedBlock | ReadFailure {
  const guarded = readBlock(block === undefined ? {} : block, lineage, lineage.baseline)
  if (!guarded.ok) return guarded
  const marker = readMarker(guarded.document, lineage, context)
  if (!marker.ok) return { ok: false, issues: [marker.issue] }
  const version = lineage.versions.get(marker.version) ?? lineage.current
  const { document, mayHoldSecret } = guarded
  const read = { document, mayHoldSecret, body: marker.body, markerWritten: marker.written, found: marker.issues }
  const checked = checkBody(read, version, lineage, context)
  return block === undefined ? { ...checked, arrival: 'absent' } : checked
}

/** The same for a value whose version is known, so that there is no marker to read. */
export function checkFixed(
  value: unknown,
  version: ConfigVersion,
  lineage: ConfigLineage,
  context: ParseContext,
): CheckedBlock | ReadFailure {
  const guarded = readBlock(value, lineage, version.number)
  if (!guarded.ok) return guarded
  const { document, mayHoldSecret } = guarded
  const read = { document, mayHoldSecret, body: document, markerWritten: true, found: [] }
  return checkBody(read, version, lineage, context)
}

function readBlock(
  block: unknown,
  lineage: ConfigLineage,
  schemaVersion: number,
): { readonly ok: true; readonly document: JsonObject; readonly mayHoldSecret: boolean } | ReadFailure {
  const site = { root: lineage.root, schemaVersion }
  const guarded = guardValue(block, lineage.limits, site)
  if (!guarded.ok) return guarded
  const { value, mayHoldSecret } = guarded
  if (isJsonObject(value)) return { ok: true, document: value, mayHoldSecret }
  const received = describeKind(kindOf(value))
  const fields = { problem: `must be an object, got ${received}`, expected: 'an object', received }
  return { ok: false, issues: [createIssue(site, 'CONFIG_NOT_OBJECT', [], fields)] }
}

interface ReadBody {
  readonly document: JsonObject
  readonly mayHoldSecret: boolean
  readonly body: JsonObject
  readonly markerWritten: boolean
  readonly found: readonly ConfigIssue[]
}

function checkBody(
  read: ReadBody,
  version: ConfigVersion,
  lineage: ConfigLineage,
  context: ParseContext,
): CheckedBlock {
  const { document, mayHoldSecret, markerWritten } = read
  const body = version.hasAbsentNulls ? dropAbsentNulls(version.node, read.body) : read.body
  const site = { root: lineage.root, schemaVersion: version.number }
  const report = new StructureReport(site, version.node, lineage.hints, markerWritten)
  checkStructure(version.node, body, report)
  const structure = [...read.found, ...(version.ignoresUnknownKeys ? report.issues.map(softenUnknown) : report.issues)]
  const { request = {} } = context
  const situation = { site, node: version.node, request, title: ownerTitle(lineage, context.driverVersion) }
  const known = version.ignoresUnknownKeys ? dropUnknownKeys(version.node, body) : body
  // Rules are the author's code: they get what they cannot change.
  if (version.rules.length > 0) deepFreeze(known)
  const others = [
    ...findSecrets({ value: body, mayHoldSecret }, version.secrets, lineage.secretAlternative, site),
    ...runRules(version.rules, known, structure, situation),
    ...disabledIssue(body, lineage, context, site),
    ...experimentalIssues(body, version, context, site),
  ]
  // The structure is checked in document order.
  const isSorted = others.length + read.found.length === 0
  const issues = isSorted ? structure : sortByDocument([...structure, ...others], document)
  return { ok: true, version, document, body: known, markerWritten, arrival: 'present', structure, issues }
}

function softenUnknown(issue: ConfigIssue): ConfigIssue {
  return issue.code === 'UNKNOWN_FIELD' ? { ...issue, severity: 'warning' } : issue
}
