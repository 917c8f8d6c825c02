import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import { CaseUnsupported } from './case-outcome.js'
import type { PublishedIndex, PublishedVersion } from './published-index.js'
import { isSchema, sampleValue } from './sample-value.js'
import { schemaAccepts } from './schema-validator.js'

/** A block that the version accepts: the smallest that can be made, else an example; `undefined` when there is neither. */
export function goodBlock({ schema, examples }: PublishedVersion): JsonObject | undefined {
  const made = sampleValue(schema)
  return isSchema(made) ? made : examples.valid[0]
}

/** The same, for cases that cannot do without. @throws CaseUnsupported when none can be made. */
export function requireGoodBlock(version: PublishedVersion): JsonObject {
  const block = goodBlock(version)
  if (block !== undefined) return block
  throw new CaseUnsupported('no good block could be made from the schema; publish an example')
}

/** The block with the marker of its version. */
export function stamped({ version }: PublishedVersion, block: JsonObject): JsonObject {
  return { ...block, schema_version: version }
}

/** A config with required fields in its baseline makes a block necessary for every sandbox. */
export function neededBlock(index: PublishedIndex | undefined): JsonObject | undefined {
  const baseline = index?.schemas.find(({ version }) => version === index.versions.baseline)
  const current = index?.schemas.at(-1)
  if (current === undefined || (baseline !== undefined && schemaAccepts(baseline.schema, {}))) return undefined
  const block = goodBlock(current)
  return block === undefined ? undefined : stamped(current, block)
}

/** A block of the oldest version, as full as its examples show; `undefined` when none can be made. */
export function oldBlock(index: PublishedIndex | undefined): JsonObject | undefined {
  const oldest = index?.schemas[0]
  if (oldest === undefined) return undefined
  const block = oldest.examples.valid.at(-1) ?? goodBlock(oldest)
  return block === undefined ? undefined : stamped(oldest, block)
}
