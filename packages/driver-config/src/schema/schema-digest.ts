import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import { canonicalJson } from './canonical-json.js'
import { toJsonSchema } from './json-schema.js'
import type { SchemaNode } from './schema-node.js'

// What a reader sees and no document depends on. `x-unit` is not among them: another unit is another meaning.
const annotations = new Set([
  'title',
  'description',
  'examples',
  'deprecated',
  'x-experimental',
  'x-not-secret',
  'x-printable',
  'x-since',
])

/** The two digests of a schema. */
export interface SchemaDigests {
  /** Changes when the set of accepted documents or a default changes. */
  readonly shape: string
  /** Changes also when a description, a title or another annotation changes. */
  readonly text: string
}

/** The digests of a schema, equal for both TypeBox lines. */
export function digestSchema(node: SchemaNode): SchemaDigests {
  return digestJsonSchema(toJsonSchema(node))
}

/** The same for a schema that was written already. */
export function digestJsonSchema(schema: JsonObject): SchemaDigests {
  return { shape: digestJson(withoutAnnotations(schema, 'schema')), text: digestJson(schema) }
}

/** `sha256:` and the hex digest of the canonical JSON of a value. */
export function digestJson(value: JsonValue): string {
  return digestText(canonicalJson(value))
}

/** `sha256:` and the hex digest of a text in UTF-8: of a file as it stands on the disk. */
export function digestText(text: string): string {
  return `sha256:${bytesToHex(sha256(utf8ToBytes(text)))}`
}

// Below `properties` the keys are names of fields, not keywords; below `default` and `enum` everything is data.
function withoutAnnotations(value: JsonValue, place: 'schema' | 'names' | 'data'): JsonValue {
  if (place === 'data' || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => withoutAnnotations(item, place))
  const entries = Object.entries(value as JsonObject).filter(([key]) => place === 'names' || !annotations.has(key))
  return Object.fromEntries(entries.map(([key, member]) => [key, withoutAnnotations(member, placeOf(key, place))]))
}

function placeOf(key: string, parent: 'schema' | 'names'): 'schema' | 'names' | 'data' {
  if (parent === 'names') return 'schema'
  if (key === 'properties') return 'names'
  return key === 'default' || key === 'enum' ? 'data' : 'schema'
}
