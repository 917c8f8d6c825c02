import { defaultLimits } from '../check/limits.js'
import { issueCodes } from '../issue/codes.js'
import { readSchema } from '../schema/read-schema.js'
import type { SchemaNode } from '../schema/schema-node.js'
import { bundleKeyword } from './bundle-data.js'

/** At most this many versions, and steps between them. */
const maximumVersions = 64
const maximumEntries = 256
/** Longer patterns take long to be judged. */
export const maximumPatternCharacters = 512

// Reports print these texts, so that they hold no escape sequences and no marks that turn text around.
const printable = '^[^\\u{0}-\\u{8}\\u{b}-\\u{1f}\\u{7f}-\\u{9f}\\u{202a}-\\u{202e}\\u{2066}-\\u{2069}]*$'
/** A text that reports may print. */
export const text = (maxLength = 1_024) => ({ type: 'string', maxLength, pattern: printable })
/** A text of one form, never empty. */
export const name = (pattern: string, maxLength = 128) => ({ type: 'string', minLength: 1, maxLength, pattern })
/** A whole number from 1. */
export const count = { type: 'integer', minimum: 1 }
/** What `digestJson` gives. */
export const digest = name('^sha256:[0-9a-f]{64}$', 71)
const url = name('^https?://[^\\s]{1,1000}$', 1_024)
/** JSON that is looked at later. */
export const anything = { 'x-opaque': 'checked by itself' }

/** A list of bounded length. */
export function list(items: object, maxItems = maximumEntries): object {
  return { type: 'array', items, maxItems }
}

/** A closed object; members whose name ends with "?" are optional. */
export function record(members: Readonly<Record<string, object>>): object {
  const entries = Object.entries(members)
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([key, schema]) => [key.replace(/\?$/, ''), schema])),
    required: entries.map(([key]) => key).filter((key) => !key.endsWith('?')),
  }
}

const constant = { anyOf: [text(), { type: 'number' }, { type: 'boolean' }] }

const rule = record({
  name: text(128),
  revision: count,
  reads: list(text(512)),
  enforce: { enum: ['error', 'warn'] },
  'description?': text(),
  'portable?': record({
    kind: { enum: ['requires', 'exclusive', 'implies'] },
    first: text(512),
    second: text(512),
    'first_is?': constant,
    'second_is?': constant,
  }),
})

const deprecation = record({
  path: text(512),
  since: text(128),
  message: text(),
  'replaced_by?': list(text(512)),
  'url?': url,
  'removed_in?': count,
  'sunset?': { type: 'string', format: 'date' },
})

/** How mature a version is. */
export const status = { enum: ['experimental', 'beta', 'stable', 'deprecated'] }

const version = record({
  version: count,
  status,
  'since?': text(128),
  shape_digest: digest,
  text_digest: digest,
  unknown_keys: { enum: ['refuse', 'warn'] },
  rules: list(rule),
  deprecated: list(deprecation),
  examples: record({
    minimal: anything,
    full: anything,
    invalid: list(record({ value: anything, code: { enum: Object.keys(issueCodes) }, path: text(512) })),
  }),
})

/** The bounds of every block: the package's own, or lower ones. */
export const limits = record({
  encoded_bytes: { ...count, maximum: defaultLimits.encodedBytes },
  depth: { ...count, maximum: defaultLimits.depth },
  keys: { ...count, maximum: defaultLimits.keys },
  key_length: { ...count, maximum: defaultLimits.keyLength },
  string_length: { ...count, maximum: defaultLimits.stringLength },
  items: { ...count, maximum: defaultLimits.items },
})

const data = record({
  bundle_format: count,
  digest,
  driver: name('^[A-Za-z0-9_-]+$'),
  'driver_version?': text(128),
  domain: text(253),
  root: name('^[A-Za-z0-9_-]+$'),
  owner: { ...text(128), minLength: 1 },
  secret_alternative: text(),
  'migrate_command?': text(),
  min: count,
  max: count,
  unversioned: count,
  reserved_names: list(text(128)),
  limits,
  versions: { ...list(version, maximumVersions), minItems: 1 },
  hops: list(
    record({
      from: count,
      to: count,
      ops: list(anything),
      down: { enum: ['operations', 'code', 'none'] },
      replaces: { type: 'object', additionalProperties: text(512), maxProperties: maximumEntries },
    }),
    maximumVersions,
  ),
  removed: list(record({ version: count, in: text(128), last_reader: text(128) })),
  gates: list(text(128)),
  lookups: list(record({ what: text(128), path: text(512) })),
})

const document = record({
  $schema: { const: 'https://json-schema.org/draft/2020-12/schema' },
  $id: url,
  title: text(),
  $defs: { type: 'object', additionalProperties: anything, maxProperties: maximumVersions },
  oneOf: list(record({ $ref: text(128) }), maximumVersions),
  [bundleKeyword]: data,
})

let shape: SchemaNode | undefined

/** What every bundle of this format looks like, but for the schemas and the operations in it. */
export function bundleShape(): SchemaNode {
  shape ??= readSchema(document)
  return shape
}
