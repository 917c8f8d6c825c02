import { type ConfigIssue, createIssue, type IssueSite } from '../issue/config-issue.js'
import { endSentence } from '../issue/end-sentence.js'
import type { CheckedBlock } from './check-declared.js'
import { describeDeprecation, warnAboutDeprecations } from './deprecation.js'
import type { ConfigLineage, ConfigVersion, ParseContext } from './lineage.js'
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
    issues.push(warnAboutVersion(version, lineage, site))
  }
  issues.push(...warnAboutDeprecations(version.deprecations, body, site))
  for (const note of notes) {
    issues.push(createIssue(site, 'MIGRATION_LOSSY', [], { problem: note, otherVersion: lineage.max }))
  }
  return issues
}

function warnAboutVersion(version: ConfigVersion, lineage: ConfigLineage, site: IssueSite): ConfigIssue {
  const record = version.deprecations['']
  const isCurrent = version.number === lineage.max
  const fix = isCurrent
    ? `Ask the author of the ${lineage.owner} what replaces it.`
    : `Write the block for ${markerKey} ${lineage.max}.`
  const what = `${markerKey} ${version.number} is `
  const texts = record === undefined ? { problem: `${what}deprecated` } : describeDeprecation(record, what)
  const message = `${endSentence(`${lineage.root}: ${texts.problem}`)} ${fix}`
  const other = isCurrent ? {} : { otherVersion: lineage.max }
  return createIssue(site, 'VERSION_DEPRECATED', [], { message, fix, url: record?.url, ...other })
}

/**
 * At most 16 warnings, each with a message of at most 256 characters. What is the same in several items of a list is said once, at
 * the first.
 */
export function limitWarnings(warnings: readonly ConfigIssue[]): readonly ConfigIssue[] {
  const seen = new Set<string>()
  const distinct = warnings.filter((issue) => {
    const key = `${issue.code} ${issue.message.replace(issue.path, () => issue.path.replaceAll(/\[\d+\]/g, '[]'))}`
    return seen.has(key) ? false : seen.add(key)
  })
  return distinct.slice(0, maximumWarnings).map(shorten)
}

function shorten(issue: ConfigIssue): ConfigIssue {
  if (issue.message.length <= maximumMessageLength) return issue
  return { ...issue, message: `${issue.message.slice(0, maximumMessageLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…` }
}
