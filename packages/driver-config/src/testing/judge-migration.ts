import type { JsonObject } from '../envelope/json-value.js'
import { formatIssues } from '../issue/format-issues.js'
import { findDifference, type Judge, type Subject, stampDocument } from './subject.js'

/** Every step up gives what the version there accepts, and the rules of the current version accept the end. */
export function judgeMigration({ config }: Subject): Judge<JsonObject> {
  return (document, version) => {
    const result = config.safeParse(stampDocument(document, version.number))
    return result.ok ? undefined : formatIssues(result.issues)
  }
}

/** From a to c gives what a to b, and then b to c, gives: for every b and c above the version of the document. */
export function judgeSteps({ config, lineage }: Subject): Judge<JsonObject> {
  return (document, version) => {
    const block = stampDocument(document, version.number)
    for (let to = version.number + 2; to <= lineage.max; to += 1) {
      const atOnce = config.migrate(block, { to })
      for (let between = version.number + 1; between < to; between += 1) {
        const half = config.migrate(block, { to: between })
        // A step that fails is reported by the promise about steps.
        if (!atOnce.ok || !half.ok) continue
        const inSteps = config.migrate(half.value, { to })
        const problem = inSteps.ok ? findDifference(atOnce.value, inSteps.value) : formatIssues(inSteps.issues)
        if (problem !== undefined) return `${version.number} to ${to} by way of ${between}: ${problem}`
      }
    }
    return undefined
  }
}

/** What handlers get is itself a document of the current version, and means itself. */
export function judgeCurrent({ config, lineage }: Subject): Judge<JsonObject> {
  return (document, version) => {
    const once = config.safeParse(stampDocument(document, version.number))
    if (!once.ok) return undefined
    const block = stampDocument(once.value, lineage.max)
    const again = config.safeParse(block)
    if (!again.ok) return formatIssues(again.issues)
    const migrated = config.migrate(block, { to: lineage.max })
    if (!migrated.ok) return formatIssues(migrated.issues)
    return findDifference(once.value, again.value) ?? findDifference(block, migrated.value)
  }
}

/** A step down and the same step up give the document back, unless a note says what gets lost. */
export function judgeRoundTrip({ config }: Subject): Judge<JsonObject> {
  return (document, version) => {
    if (version.down === undefined) return undefined
    const block = stampDocument(document, version.number)
    const start = config.migrate(block, { to: version.number })
    if (!start.ok) return undefined
    const down = config.migrate(block, { to: version.number - 1 })
    if (!down.ok) return formatIssues(down.issues)
    if (hasNote(down.warnings)) return undefined
    const back = config.migrate(down.value, { to: version.number })
    if (!back.ok) return formatIssues(back.issues)
    return hasNote(back.warnings) ? undefined : findDifference(start.value, back.value)
  }
}

function hasNote(warnings: readonly { readonly code: string }[]): boolean {
  return warnings.some((warning) => warning.code === 'MIGRATION_LOSSY')
}
