import { type ConfigIssue, createIssue, type IssueSite } from '../issue/config-issue.js'
import type { ConfigLineage, ConfigVersion } from './lineage.js'

/** A report holds at most this many warnings. */
export const maximumWarnings = 16
const maximumMessageLength = 256

/** Warnings about the declared version and about what its migration could not carry over. */
export function warnAboutVersion(
  version: ConfigVersion,
  notes: readonly string[],
  lineage: ConfigLineage,
  site: IssueSite,
): ConfigIssue[] {
  const issues: ConfigIssue[] = []
  if (version.status === 'deprecated') {
    const fix = `Write the block for schema_version ${lineage.max}.`
    const message = `${lineage.root}: schema_version ${version.number} is deprecated. ${fix}`
    issues.push(createIssue(site, 'VERSION_DEPRECATED', [], { message, fix, otherVersion: lineage.max }))
  }
  if (version.status === 'experimental') {
    const problem = `schema_version ${version.number} is experimental and may change in any release`
    issues.push(createIssue(site, 'EXPERIMENTAL_USED', [], { problem }))
  }
  for (const note of notes)
    issues.push(createIssue(site, 'MIGRATION_LOSSY', [], { problem: note, otherVersion: lineage.max }))
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
