import { isJsonObject, type JsonObject, type JsonValue } from '../envelope/json-value.js'

/**
 * A document as the body of an editor's snippet, in which `$`, `}` and `\` have a meaning. `undefined` for one with a key that no
 * snippet can hold.
 */
export function snippetBody(document: JsonObject): JsonValue | undefined {
  return hasMeaningfulKey(document) ? undefined : escapeTexts(document)
}

// A text that begins with "^" is inserted as it stands, without quotes; that is the only way to write what has a meaning.
function escapeTexts(value: JsonValue): JsonValue {
  if (typeof value === 'string') {
    const json = JSON.stringify(value)
    return /[\\$}]/.test(json) || value.startsWith('^') ? `^${json.replaceAll(/[\\$}]/g, '\\$&')}` : value
  }
  if (Array.isArray(value)) return value.map(escapeTexts)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, escapeTexts(member)]))
}

function hasMeaningfulKey(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some(hasMeaningfulKey)
  if (!isJsonObject(value)) return false
  return Object.entries(value).some(([key, member]) => /[\\$}]/.test(JSON.stringify(key)) || hasMeaningfulKey(member))
}
