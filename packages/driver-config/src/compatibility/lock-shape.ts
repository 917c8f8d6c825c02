import { anything, count, digest, limits, list, name, record, status, text } from '../publish/bundle-shape.js'
import { readSchema } from '../schema/read-schema.js'
import type { SchemaNode } from '../schema/schema-node.js'

const maximumVersions = 256

function byNumber(values: object, least: '0' | '1'): object {
  return {
    type: 'object',
    propertyNames: { pattern: least === '0' ? '^(?:0|[1-9][0-9]{0,8})$' : '^[1-9][0-9]{0,8}$' },
    additionalProperties: values,
    maxProperties: maximumVersions,
  }
}

const version = record({
  status,
  'since?': text(128),
  'released?': { const: false },
  shape_digest: digest,
  text_digest: digest,
  schema: anything,
  rules: list(text(256)),
  hop_digest: { anyOf: [digest, { type: 'null' }] },
  fixtures: digest,
  'unknown_keys?': { const: 'warn' },
})

// Reports print these on one line of a log, which may read a line of its own as a command.
const line = (maxLength: number) =>
  name('^[^\\u{0}-\\u{1f}\\u{7f}-\\u{9f}\\u{2028}-\\u{202e}\\u{2066}-\\u{2069}]+$', maxLength)

const waiver = record({
  fingerprint: name('^[0-9a-f]{12}$', 12),
  rule: name('^[A-Z][A-Z0-9_]*$', 64),
  reason: line(1_024),
  by: line(128),
  expires: { type: 'string', format: 'date' },
})

const document = record({
  lock_format: count,
  driver: name('^[A-Za-z0-9_-]+$'),
  unversioned: count,
  limits,
  versions: byNumber(version, '1'),
  removed: byNumber(record({ in: text(128), lastReader: text(128) }), '0'),
  waivers: list(waiver),
})

let shape: SchemaNode | undefined

/** What every lock file of this format looks like, but for the schemas in it. */
export function lockShape(): SchemaNode {
  shape ??= readSchema(document)
  return shape
}
