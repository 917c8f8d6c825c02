import { type ConfigIssue, createIssue } from '../issue/config-issue.js'
import type { CheckedBlock } from './check-declared.js'
import { warnAboutDeprecations } from './deprecation.js'
import type { ConfigLineage, ParseContext } from './lineage.js'
import { markerKey } from './marker.js'

/** A report holds at most this many warnings. */
export const maximumWarnings = 16
const maximumMessageLength = 256

/** Warnings about an accepted block: its version, deprecated fields that it uses, and what its migration lost. */
export function warnAboutBlock(
  checked: CheckedBlock,
  notes: readonly string[],
  lineage: ConfigLineage,
  context: ParseContext,
): ConfigIssue[] {
  const { version, body, markerWritten } = checked
  const site = { root: lineage.root, schemaVersion: version.number }
  const issues: ConfigIssue[] = []
  if (context.strict === true && !markerWritten && Object.keys(body).length > 0) {
    const fix = `Add "${markerKey}": ${version.number}.`
    const message = `${lineage.root} has no ${markerKey}; ${version.number} was used. ${fix}`
    issues.push(createIssue(site, 'SCHEMA_VERSION_MISSING', [], { message, fix }))
  }
  if (version.status === 'deprecated' && Object.keys(body).length > 0) {
    const fix = `Write the block for ${markerKey} ${lineage.max}.`
    const message = `${lineage.root}: ${markerKey} ${version.number} is deprecated. ${fix}`
    issues.push(createIssue(site, 'VERSION_DEPRECATED', [], { message, fix, otherVersion: lineage.max }))
  }
  issues.push(...warnAboutDeprecations(version.deprecations, body, site))
  for (const note of notes) {
    issues.push(createIssue(site, 'MIGRATION_LOSSY', [], { problem: note, otherVersion: lineage.max }))
  }
  return issues
}

/** At most 16 warnings, each once, each with a message of at most 256 characters. */
export function limitWarnings(warnings: readonly ConfigIssue[]): readonly ConfigIssue[] {
  const seen = new Set<string>()
  const distinct = warnings.filter((issue) => {
    const key = `${issue.code} ${issue.message}`
    return seen.has(key) ? false : seen.add(key)
  })
  return distinct.slice(0, maximumWarnings).map(shorten)
}

function shorten(issue: ConfigIssue): ConfigIssue {
  if (issue.message.length <= maximumMessageLength) return issue
  return { ...issue, message: `${issue.message.slice(0, maximumMessageLength - 1)}…` }
}
