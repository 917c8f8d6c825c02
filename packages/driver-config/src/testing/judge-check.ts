import { dropAbsentNulls } from '../check/drop-absent-nulls.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'
import { formatIssues } from '../issue/format-issues.js'
import { canonicalJson } from '../schema/canonical-json.js'
import { findDifference, type Judge, type Subject, stampDocument } from './subject.js'

/** What a version's defaults complete is complete, and what the document says stays as it is. */
export function judgeDefaults({ config }: Subject): Judge<JsonObject> {
  return (document, version) => {
    const once = config.check(stampDocument(document, version.number))
    if (!once.ok) return undefined
    const again = config.check(stampDocument(once.value, version.number))
    if (!again.ok) return formatIssues(again.issues)
    const changed = findDifference(once.value, again.value)
    const written = dropAbsentNulls(version.node, document)
    return changed ?? (version.ignoresUnknownKeys ? undefined : findDifference(written, within(once.value, written)))
  }
}

/** The part of a complete value that stands in the document as well. */
function within(complete: JsonValue, document: JsonValue): JsonValue {
  if (Array.isArray(complete) && Array.isArray(document))
    return complete.map((item, index) => within(item, document[index] ?? null))
  if (!isJsonObject(complete) || !isJsonObject(document)) return complete
  const written = Object.entries(complete).filter(([key]) => Object.hasOwn(document, key))
  return Object.fromEntries(written.map(([key, member]) => [key, within(member, document[key] ?? null)]))
}

/** Whoever hands a document over gets it back as it was, whatever rules and migrations do. */
export function judgeInput({ config, lineage }: Subject): Judge {
  return (document, version) => {
    const block = stampDocument(document, version.number)
    const before = canonicalJson(block)
    config.check(block)
    config.safeParse(block)
    for (const to of lineage.versions.keys()) config.migrate(block, { to })
    return canonicalJson(block) === before ? undefined : 'the document was changed'
  }
}

/** No JSON value makes anything throw, with a marker or without. */
export function judgeVerdict({ config, lineage }: Subject): Judge {
  return (document, version) => {
    for (const block of [document, stampDocument(document, version.number)]) {
      try {
        config.check(block)
        config.safeParse(block, { strict: true })
        config.restore(block)
        config['~standard'].validate(block)
        for (const to of lineage.versions.keys()) config.migrate(block, { to })
      } catch (error) {
        return `threw ${error instanceof Error ? error.name : typeof error}; a block is refused, never thrown at`
      }
    }
    return undefined
  }
}
