import type { Deprecations } from '../check/deprecation.js'
import type { ConfigLimits } from '../check/limits.js'
import type { ConfigLineage, ConfigVersion } from '../check/lineage.js'
import { markerKey, schemaKey } from '../check/marker.js'
import type { ConfigRule, PortableRule } from '../check/rules.js'
import type { PublishedSchema } from '../define/driver-config.js'
import { publishedSchema } from '../define/published-schema.js'
import type { JsonObject } from '../envelope/json-value.js'
import { digestJson } from '../schema/schema-digest.js'
import {
  type BundleData,
  type BundleDeprecation,
  type BundleDocument,
  type BundleLimits,
  type BundlePortableRule,
  type BundleRule,
  type BundleVersion,
  bundleFormat,
  bundleKeyword,
} from './bundle-data.js'
import { writeHops } from './write-hops.js'

/** What a bundle is made of beside the lineage. */
export interface BundleSource {
  readonly lineage: ConfigLineage
  readonly domain: string
  readonly schemas: readonly PublishedSchema[]
  readonly driverVersion?: string | undefined
  /** The `$id` of the bundle. */
  readonly id: string
}

/** The bundle of a config, with its digest. */
export function writeBundle(source: BundleSource): BundleDocument {
  const { lineage, id } = source
  const versions = [...lineage.versions.values()]
  const document = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: id,
    title: `${lineage.root} of ${lineage.driverName}`,
    $defs: Object.fromEntries(versions.map((version) => [nameOf(version.number), publishedSchema(lineage, version)])),
    oneOf: writeChoice(lineage),
  }
  const data = toJson({ bundle_format: bundleFormat, ...writeData(source) })
  const digest = digestBundle({ ...document, [bundleKeyword]: data })
  // The data is what went into `toJson`, which forgets its type.
  return { ...document, [bundleKeyword]: { digest, ...data } as unknown as BundleData }
}

/** `sha256:…` of a bundle, whatever digest stands in it. */
export function digestBundle(document: JsonObject): string {
  const { digest: _, ...data } = document[bundleKeyword] as JsonObject
  return digestJson({ ...document, [bundleKeyword]: data })
}

/** The name of a version among the definitions of a bundle: `v2`. */
export function nameOf(version: number): string {
  return `v${version}`
}

/** The marker chooses: at most one version takes a document. */
function writeChoice({ versions }: ConfigLineage): JsonObject[] {
  return [...versions.keys()].map((number) => ({ $ref: `#/$defs/${nameOf(number)}` }))
}

function writeData({ lineage, domain, schemas, driverVersion }: BundleSource): object {
  const { driverName, root, owner, secretAlternative, migrateCommand, min, max, baseline, limits } = lineage
  return {
    driver: driverName,
    driver_version: driverVersion,
    domain,
    root,
    owner,
    secret_alternative: secretAlternative,
    migrate_command: migrateCommand,
    min,
    max,
    unversioned: baseline,
    reserved_names: [markerKey, schemaKey],
    limits: writeLimits(limits),
    versions: schemas.flatMap(({ version: number, examples }) => {
      const version = lineage.versions.get(number)
      return version === undefined ? [] : [{ ...writeVersion(version), examples }]
    }),
    hops: writeHops(lineage),
    removed: [...lineage.tombstones]
      .sort(([a], [b]) => a - b)
      .map(([version, tombstone]) => ({ version, in: tombstone.in, last_reader: tombstone.lastReader })),
    gates: lineage.gates.map(({ name }) => name),
    lookups: lineage.resources.map(({ what, path }) => ({ what, path })),
  }
}

/** The bounds of blocks as data. */
export function writeLimits(limits: ConfigLimits): BundleLimits {
  return {
    encoded_bytes: limits.encodedBytes,
    depth: limits.depth,
    keys: limits.keys,
    key_length: limits.keyLength,
    string_length: limits.stringLength,
    items: limits.items,
  }
}

function writeVersion(version: ConfigVersion): Partial<BundleVersion> {
  return {
    version: version.number,
    status: version.status,
    ...(version.since === undefined ? {} : { since: version.since }),
    shape_digest: version.digests.shape,
    text_digest: version.digests.text,
    unknown_keys: version.ignoresUnknownKeys ? 'warn' : 'refuse',
    rules: version.rules.map(writeRule),
    deprecated: writeDeprecations(version.deprecations),
  }
}

function writeRule({ name, revision, reads, enforce, description, portable }: ConfigRule<never>): BundleRule {
  return {
    name,
    revision: revision ?? 1,
    reads: [...reads],
    enforce: enforce ?? 'error',
    ...(description === undefined ? {} : { description }),
    ...(portable === undefined ? {} : { portable: writePortable(portable) }),
  }
}

function writePortable(portable: PortableRule): BundlePortableRule {
  const { kind, first, second } = portable
  if (portable.kind !== 'implies') return { kind, first, second }
  return { kind, first, second, first_is: portable.firstIs, second_is: portable.secondIs }
}

function writeDeprecations(deprecations: Deprecations): BundleDeprecation[] {
  return Object.entries(deprecations).map(([path, { since, message, replacedBy, url, removedIn, sunset }]) => ({
    path,
    since,
    message,
    ...(replacedBy === undefined ? {} : { replaced_by: replacedBy }),
    ...(url === undefined ? {} : { url }),
    ...(removedIn === undefined ? {} : { removed_in: removedIn }),
    ...(sunset === undefined ? {} : { sunset }),
  }))
}

/** A plain copy: what is undefined is left out, and nothing is shared with the declaration. */
function toJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject
}
