import type { JsonObject, JsonValue } from '../envelope/json-value.js'

/** What an editor shows about a field, in Markdown; `undefined` when there is nothing beside its kind. */
export function describeField(schema: JsonObject): string | undefined {
  const text = (keyword: string): string | undefined => {
    const value = schema[keyword]
    return typeof value === 'string' ? value : undefined
  }
  const [description, unit, since, secret, opaque] = [
    'description',
    'x-unit',
    'x-since',
    'x-secret-ref',
    'x-opaque',
  ].map(text)
  const lines = [
    description,
    schema['default'] === undefined ? undefined : `Default: \`${showValue(schema['default'])}\`.`,
    unit === undefined ? undefined : `In ${unit}.`,
    since === undefined ? undefined : `Since ${since}.`,
    schema['x-experimental'] === true ? 'Experimental: it may change in any release.' : undefined,
    secret === undefined ? undefined : `A reference to ${secret}; never the secret itself.`,
    opaque === undefined ? undefined : `Not checked here: ${opaque}.`,
  ].filter((line) => line !== undefined)
  return lines.length === 0 ? undefined : lines.join('\n\n')
}

/** A value as code in Markdown, which no backtick may end. */
function showValue(value: JsonValue): string {
  return JSON.stringify(value).replaceAll('`', '\\u0060')
}
