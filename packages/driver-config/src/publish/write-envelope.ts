import type { DriverConfig, PublishedSchema } from '../define/driver-config.js'
import type { JsonObject } from '../envelope/json-value.js'

/** Grows with every change of what the document means. */
const envelopeFormat = 1

/** What an envelope's schema is made of: a config, or one that was loaded from its bundle. */
export type EnvelopeConfig = Pick<DriverConfig<unknown>, 'driverName' | 'versions' | 'describe' | 'schemas'>

/** The schema of one version, as it stands in the envelope. */
export type WriteVersion = (published: PublishedSchema, config: EnvelopeConfig) => JsonObject

/** Where the blocks of an envelope come from. */
export interface EnvelopeSource {
  /** The configs by the keys of their blocks. */
  readonly configs: ReadonlyMap<string, EnvelopeConfig>
  /** Name of the envelope, in texts: `driver_config`. */
  readonly root: string
  /** The `$id` of the document. */
  readonly id: string
  /** @default the published schema as it is */
  readonly writeVersion?: WriteVersion
}

/**
 * The JSON Schema of a whole envelope: every key may be absent, a known one holds a block of its driver, and others are left to
 * drivers that this document does not know.
 */
export function writeEnvelope({
  configs,
  root,
  id,
  writeVersion = ({ schema }) => schema,
}: EnvelopeSource): JsonObject {
  const keys = [...configs]
  // Several keys of one driver share its definitions.
  const nameOf = (config: EnvelopeConfig): string => keys.find(([, each]) => each === config)?.[0] ?? config.driverName
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: id,
    title: `${root} of ${keys.map(([key]) => key).join(', ')}`,
    description: `One block for each driver, under its name; every driver reads its own only.`,
    $defs: Object.fromEntries(
      keys.flatMap(([key, config]) => (nameOf(config) === key ? writeDefinitions(key, config, writeVersion) : [])),
    ),
    type: 'object',
    properties: Object.fromEntries(keys.map(([key, config]) => [key, { $ref: `#/$defs/${nameOf(config)}` }])),
    additionalProperties: true,
    'x-envelope': { envelope_format: envelopeFormat, blocks: keys.map(describeBlock) },
  }
}

function writeDefinitions(name: string, config: EnvelopeConfig, write: WriteVersion): [string, JsonObject][] {
  const versions = config.schemas().map((published): [string, JsonObject] => {
    const { $schema: _, ...schema } = write(published, config)
    return [`${name}.v${published.version}`, schema]
  })
  // A driver without a config takes an empty block.
  const choice: JsonObject =
    versions.length === 0
      ? { type: 'object', maxProperties: 0 }
      : { oneOf: versions.map(([version]) => ({ $ref: `#/$defs/${version}` })) }
  return [[name, choice], ...versions]
}

function describeBlock([key, config]: [string, EnvelopeConfig]): JsonObject {
  const { driverName, versions } = config
  return { key, driver: driverName, min: versions.min, max: versions.max, unversioned: versions.baseline }
}
