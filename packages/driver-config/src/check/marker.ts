import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import type { IssueCode } from '../issue/codes.js'
import { type ConfigIssue, createIssue } from '../issue/config-issue.js'
import { nameWithVersion, ownerTitle } from '../issue/owner-title.js'
import { describeKind } from '../schema/describe-node.js'
import { kindOf } from '../schema/schema-node.js'
import type { ConfigLineage, ParseContext } from './lineage.js'

/** Root key that names the version a block is written for. */
export const markerKey = 'schema_version'
/** Root key that editors use; tolerated and dropped. */
export const schemaKey = '$schema'

/** The declared version and the block without its marker, or the one issue that stops everything else. */
export type MarkerResult =
  | {
      readonly ok: true
      readonly version: number
      readonly written: boolean
      readonly body: JsonObject
      readonly issues: ConfigIssue[]
    }
  | { readonly ok: false; readonly issue: ConfigIssue }

/**
 * Reads the version marker and removes it, with `$schema`, from a copy of the block.
 *
 * A block without a marker means the baseline, never the newest version; only when the baseline is gone and nothing else is
 * written does it mean the newest one, because then nothing can be misread.
 */
export function readMarker(block: JsonObject, lineage: ConfigLineage, context: ParseContext): MarkerResult {
  // The guard's copy is ours, so that a block without the two is its own body.
  if (!Object.hasOwn(block, markerKey) && !Object.hasOwn(block, schemaKey)) {
    return readUnmarked(block, undefined, lineage, context)
  }
  const { [markerKey]: marker, [schemaKey]: schema, ...body } = block
  if (marker === undefined) return readUnmarked(body, schema, lineage, context)
  if (typeof marker !== 'number' || !Number.isSafeInteger(marker) || marker < 1) {
    return { ok: false, issue: invalidMarker(marker, lineage) }
  }
  if (marker > lineage.max) return { ok: false, issue: tooNew(marker, lineage, context) }
  if (marker < lineage.min) return { ok: false, issue: removed(marker, lineage, context) }
  return { ok: true, version: marker, written: true, body, issues: checkSchemaKey(schema, marker, lineage) }
}

/** The supported versions in words: `1 to 2`, or `1` when there is one. */
export function supportedRange(lineage: ConfigLineage): string {
  return lineage.min === lineage.max ? String(lineage.max) : `${lineage.min} to ${lineage.max}`
}

function readUnmarked(
  body: JsonObject,
  schema: JsonValue | undefined,
  lineage: ConfigLineage,
  context: ParseContext,
): MarkerResult {
  const isGone = lineage.baseline < lineage.min
  if (isGone && Object.keys(body).length > 0) return { ok: false, issue: required(lineage, context) }
  const version = isGone ? lineage.max : lineage.baseline
  return { ok: true, version, written: false, body, issues: checkSchemaKey(schema, version, lineage) }
}

function checkSchemaKey(schema: JsonValue | undefined, version: number, lineage: ConfigLineage): ConfigIssue[] {
  if (schema === undefined || typeof schema === 'string') return []
  const received = describeKind(kindOf(schema))
  const site = { root: lineage.root, schemaVersion: version }
  const fields = {
    problem: `must be a string, got ${received}`,
    expected: 'a string',
    received,
    fix: 'Write a URL, or remove the key.',
  }
  return [createIssue(site, 'TYPE_MISMATCH', [schemaKey], fields)]
}

function invalidMarker(marker: JsonValue, lineage: ConfigLineage): ConfigIssue {
  const place = `${lineage.root}.${markerKey}`
  const expected = `a whole number from ${supportedRange(lineage)}`
  const received = describeKind(kindOf(marker))
  const range = lineage.min === lineage.max ? `must be ${lineage.max}` : `must be ${expected}`
  const fix = markerFix(marker, lineage)
  const sentence = `${place} ${range}, got ${describeMarker(marker)}.${fix.shown ? ` ${fix.text}` : ''}`
  return markerIssue(lineage, 'SCHEMA_VERSION_INVALID', sentence, { fix: fix.text, expected, received })
}

function markerFix(marker: JsonValue, lineage: ConfigLineage): { text: string; shown: boolean } {
  const quoted = typeof marker === 'string' && /^[1-9][0-9]*$/.test(marker) ? Number(marker) : undefined
  if (quoted !== undefined && lineage.versions.has(quoted)) {
    return { text: `Write "${markerKey}": ${quoted} without quotes.`, shown: true }
  }
  if (marker === null && lineage.baseline >= lineage.min) {
    return { text: `Remove the key to use ${markerKey} ${lineage.baseline}.`, shown: true }
  }
  return { text: `Write "${markerKey}": ${lineage.max}.`, shown: false }
}

function describeMarker(marker: JsonValue): string {
  if (typeof marker !== 'number') return describeKind(kindOf(marker))
  return Math.abs(marker) > Number.MAX_SAFE_INTEGER ? 'a number that is too large' : String(marker === 0 ? 0 : marker)
}

function tooNew(marker: number, lineage: ConfigLineage, context: ParseContext): ConfigIssue {
  const title = ownerTitle(lineage, context.driverVersion)
  const fix = `Upgrade the ${lineage.owner}, or write this block for ${markerKey} ${lineage.max}.`
  const state = `${lineage.root}.${markerKey} is ${marker}, but ${title} supports ${supportedRange(lineage)}.`
  return markerIssue(lineage, 'SCHEMA_VERSION_TOO_NEW', `${state} ${fix}`, { fix, schemaVersion: marker })
}

function removed(marker: number, lineage: ConfigLineage, context: ParseContext): ConfigIssue {
  const command = migrateSentence(lineage)
  const fix = command ?? `Write this block for ${markerKey} ${lineage.max}.`
  const state = describeRemoval(marker, lineage, context)
  return markerIssue(lineage, 'SCHEMA_VERSION_REMOVED', `${state} ${fix}`, { fix, schemaVersion: marker })
}

function describeRemoval(marker: number, lineage: ConfigLineage, context: ParseContext): string {
  const place = `${lineage.root}.${markerKey} ${marker}`
  const tombstone = lineage.tombstones.get(marker)
  if (tombstone !== undefined) {
    const { in: release, lastReader } = tombstone
    const { driverName, owner } = lineage
    return `${place} was removed in ${driverName} ${release}; the last ${owner} that reads it is ${lastReader}.`
  }
  const title = ownerTitle(lineage, context.driverVersion)
  return `${place} is no longer supported; ${title} supports ${supportedRange(lineage)}.`
}

function required(lineage: ConfigLineage, context: ParseContext): ConfigIssue {
  const reader = nameWithVersion(lineage, context.driverVersion)
  const { root, baseline, max } = lineage
  const command =
    lineage.migrateCommand === undefined ? '' : `, or run "${migrateCommand(lineage.migrateCommand, max)}"`
  const fix = `Add "${markerKey}": ${max} and update the fields${command}.`
  const meaning = `Without one it meant ${markerKey} ${baseline}, which ${reader} no longer reads.`
  const message = `${root} has no ${markerKey}. ${meaning} ${fix}`
  const site = { root, schemaVersion: baseline }
  return createIssue(site, 'SCHEMA_VERSION_REQUIRED', [], { message, fix, otherVersion: max })
}

function migrateSentence(lineage: ConfigLineage): string | undefined {
  return lineage.migrateCommand === undefined
    ? undefined
    : `Run "${migrateCommand(lineage.migrateCommand, lineage.max)}".`
}

function migrateCommand(command: string, version: number): string {
  return `${command} FILE --to ${version}`
}

interface MarkerFields {
  readonly fix: string
  readonly expected?: string
  readonly received?: string
  readonly schemaVersion?: number
}

function markerIssue(lineage: ConfigLineage, code: IssueCode, message: string, fields: MarkerFields): ConfigIssue {
  const { schemaVersion = lineage.baseline, ...rest } = fields
  const site = { root: lineage.root, schemaVersion }
  return createIssue(site, code, [markerKey], { message, ...rest, otherVersion: lineage.max })
}
