import type { ConfigLimits } from '../check/limits.js'
import type { ConfigLineage, ParseContext } from '../check/lineage.js'
import { markerKey } from '../check/marker.js'
import { checkValue } from '../check/parse.js'
import { buildLineage } from '../define/build-lineage.js'
import type { ConfigDeclaration } from '../define/config-declaration.js'
import { createDriverConfig } from '../define/create-driver-config.js'
import type { DriverConfig } from '../define/driver-config.js'
import { publishedSchema } from '../define/published-schema.js'
import { isJsonObject, type JsonObject } from '../envelope/json-value.js'
import { canonicalJson } from '../schema/canonical-json.js'
import { type BundleData, type BundleDocument, bundleKeyword } from './bundle-data.js'
import { type BundleProblem, bundleProblem } from './bundle-problem.js'
import { listDriverOnly } from './list-driver-only.js'
import { proveBundle } from './prove-bundle.js'
import type { PublishedConfig } from './published-config.js'
import { PublishedConfigError } from './published-config-error.js'
import { readBundle } from './read-bundle.js'
import { type ReadVersion, readVersions } from './read-versions.js'
import { nameOf } from './write-bundle.js'

/**
 * A config from its published bundle, as text or as the JSON in it: builds and judges blocks without the driver's code.
 *
 * The bundle is input of unknown origin: it is bounded in size, depth and count before anything else, no code is made of it, its
 * patterns are those that a declaration may have, and its digests must fit.
 *
 * @throws PublishedConfigError with every problem of the bundle.
 */
export function loadPublishedConfig(bundle: unknown): PublishedConfig {
  const read = readBundle(bundle)
  if (!read.ok) throw refuse(read.problems)
  const { document, json } = read
  const problems = proveBundle(document, json)
  // Patterns that are too many are not judged.
  if (problems.some(({ code }) => code === 'BUNDLE_TOO_LARGE')) throw refuse(problems)
  const declaration = declare(document[bundleKeyword])
  const limits = readLimits(document[bundleKeyword])
  const versions = readVersions(document, declaration, limits, problems)
  if (problems.length > 0) throw refuse(problems)
  const complete = { ...declaration, versions: versions.map(({ declared }) => declared) }
  const lineage = withoutForeignWays(buildLineage(complete, { limits }), versions)
  problems.push(...proveSchemas(document, lineage, versions), ...proveExamples(document, lineage))
  if (problems.length > 0) throw refuse(problems)
  return toPublished(
    createDriverConfig(lineage, complete, {}) as DriverConfig<JsonObject, JsonObject>,
    document,
    lineage,
  )
}

function refuse(problems: readonly BundleProblem[]): PublishedConfigError {
  const [first, ...others] = problems
  if (first === undefined) throw new TypeError('a refusal needs a problem')
  return new PublishedConfigError([first, ...others])
}

function declare(data: BundleData): ConfigDeclaration {
  return {
    driverName: data.driver,
    owner: data.owner,
    options: {
      domain: data.domain,
      unversioned: data.unversioned,
      root: data.root,
      secretAlternative: data.secret_alternative,
      ...(data.migrate_command === undefined ? {} : { migrateCommand: data.migrate_command }),
    },
    versions: [],
    tombstones: new Map(data.removed.map((each) => [each.version, { in: each.in, lastReader: each.last_reader }])),
    driverOnly: listDriverOnly(data),
  }
}

function readLimits({ limits }: BundleData): ConfigLimits {
  const { encoded_bytes, depth, keys, key_length, string_length, items } = limits
  return { encodedBytes: encoded_bytes, depth, keys, keyLength: key_length, stringLength: string_length, items }
}

/** Operations bring a way back along; where the driver has its own, or none, that is not what the driver would do. */
function withoutForeignWays(lineage: ConfigLineage, versions: readonly ReadVersion[]): ConfigLineage {
  const kept = versions.flatMap(({ declared, hasDown }) => {
    const version = lineage.versions.get(declared.number)
    if (version === undefined || hasDown) return version ?? []
    const { down: _, ...others } = version
    return others
  })
  const current = kept.at(-1) ?? lineage.current
  return { ...lineage, current, versions: new Map(kept.map((version) => [version.number, version])) }
}

/** Whatever a schema says must follow from what was read, rules included: nothing of it is ignored. */
function proveSchemas(
  document: BundleDocument,
  lineage: ConfigLineage,
  versions: readonly ReadVersion[],
): BundleProblem[] {
  return versions.flatMap(({ declared: { number }, rules }) => {
    const node = lineage.versions.get(number)?.node
    const written = document.$defs[nameOf(number)]
    if (node === undefined || written === undefined) return []
    const expected = publishedSchema(lineage, { number, node, rules: rules.all })
    if (canonicalJson(expected) === canonicalJson(written)) return []
    const what = 'says something else than the rules of the version and its marker'
    return [bundleProblem('SCHEMA_INVALID', ['$defs', nameOf(number)], what)]
  })
}

function proveExamples(document: BundleDocument, lineage: ConfigLineage): BundleProblem[] {
  return document[bundleKeyword].versions.flatMap(({ version: number, examples }, index) =>
    (['minimal', 'full'] as const).flatMap((name) => {
      const version = lineage.versions.get(number)
      const example = examples[name]
      if (version === undefined) return []
      const { [markerKey]: marker, ...body } = isJsonObject(example) ? example : {}
      const result = checkValue(body, version, lineage, {})
      if (isJsonObject(example) && marker === number && result.ok) return []
      const place = [bundleKeyword, 'versions', index, 'examples', name]
      return [bundleProblem('EXAMPLE_INVALID', place, `is no valid block of schema_version ${number}`)]
    }),
  )
}

function toPublished(
  config: DriverConfig<JsonObject, JsonObject>,
  document: BundleDocument,
  { driverOnly = [] }: ConfigLineage,
): PublishedConfig {
  const { driverName, domain, versions, block, schemas, describe, at } = config
  const { driver_version: driverVersion, digest } = document[bundleKeyword]
  // Reports name the driver that published the bundle, unless the caller knows better.
  const named = driverVersion === undefined ? {} : { driverVersion }
  const inContext = (context: ParseContext = {}): ParseContext => ({ ...named, ...context })
  return Object.freeze<PublishedConfig>({
    driverName,
    domain,
    versions,
    ...named,
    bundleDigest: digest,
    driverOnly,
    safeParse: (value, context) => config.safeParse(value, inContext(context)),
    parse: (value, context) => config.parse(value, inContext(context)),
    check: (value, context) => config.check(value, inContext(context)),
    migrate: (value, { to, context }) => config.migrate(value, { to, context: inContext(context) }),
    block,
    schemas,
    describe,
    '~standard': config['~standard'],
    at,
  })
}
