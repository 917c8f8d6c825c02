import type { ConfigLineage, ConfigVersion } from '../check/lineage.js'
import { markerKey, supportedRange } from '../check/marker.js'
import { checkBlock, checkValue, parseBlock } from '../check/parse.js'
import { checkResources } from '../check/resources.js'
import { restoreConfig, storeConfig } from '../check/stored-config.js'
import type { JsonObject } from '../envelope/json-value.js'
import type { CheckResult } from '../issue/check-result.js'
import { ConfigError } from '../issue/config-error.js'
import { DriverConfigError } from '../issue/driver-config-error.js'
import { ownerTitle } from '../issue/owner-title.js'
import type { BuildOptions, VersionDeclaration } from './config-chain.js'
import type { ConfigDeclaration } from './config-declaration.js'
import { createBlock } from './create-block.js'
import type { ConfigAtVersion, ConfigVersionInfo, DriverConfig, PublishedSchema } from './driver-config.js'
import { rememberLineage } from './lineage-of.js'
import { publishedExamples } from './published-examples.js'
import { publishedSchema } from './published-schema.js'
import { standardSchema } from './standard-schema.js'

/** The methods of a config over a proven lineage. The types of the chain vouch for `Current`: here it is plain JSON. */
export function createDriverConfig(
  lineage: ConfigLineage,
  declaration: ConfigDeclaration,
  { writes = lineage.max }: Pick<BuildOptions<never, never>, 'writes'>,
): DriverConfig<unknown, unknown> {
  const { driverName, root, min, max, baseline } = lineage
  const versions = Object.freeze({ min, max, baseline })
  const domain = declaration.options.domain ?? `${driverName}.driver.openshell`
  const all = [...lineage.versions.values()]
  const config = Object.freeze<DriverConfig<unknown, unknown>>({
    driverName,
    domain,
    versions,
    safeParse: (block, context = {}) => parseBlock(block, lineage, context),
    parse(block, context = {}) {
      const result = parseBlock(block, lineage, context)
      if (!result.ok) throw new DriverConfigError(result.issues)
      return result.value
    },
    check: (block, context = {}) => checkBlock(block, lineage, context),
    migrate(block, { to, context = {} }) {
      requireVersion(to, lineage)
      return stamp(parseBlock(block, lineage, context, to), to)
    },
    block: (value) => createBlock(driverName, max, value),
    schemas: () => declaration.versions.flatMap((declared) => publishVersion(declared, lineage)),
    describe: () => ({ driverName, root, domain, versions, each: all.map(describeVersion) }),
    store: (value, { driverVersion }) => storeConfig(value as JsonObject, writes, lineage, driverVersion),
    restore: (stored, context = {}) => restoreConfig(stored, lineage, context),
    checkResources: (value, settings = {}) => checkResources(value as JsonObject, lineage, settings),
    '~standard': standardSchema(lineage),
    at: (number) => createAtVersion(lineage, number),
  })
  return rememberLineage(config, lineage)
}

/** The caller is a program: what it asks for is no fault of a block, and none of the driver. */
function requireVersion(version: number, lineage: ConfigLineage): void {
  if (lineage.versions.has(version)) return
  const known = `${ownerTitle(lineage, undefined)} reads ${markerKey} ${supportedRange(lineage)}`
  const message = `migrate() was asked for a version that is not read; ${known}. Pass one of these as "to".`
  throw new ConfigError({ kind: 'unknown-version', message })
}

function stamp(result: CheckResult<JsonObject>, version: number): CheckResult<JsonObject> {
  return result.ok ? { ...result, value: Object.freeze({ [markerKey]: version, ...result.value }) } : result
}

function publishVersion(declared: VersionDeclaration, lineage: ConfigLineage): PublishedSchema[] {
  const version = lineage.versions.get(declared.number)
  if (version === undefined) return []
  const { number } = version
  return [
    { version: number, schema: publishedSchema(lineage, version), examples: publishedExamples(declared, lineage) },
  ]
}

function describeVersion(version: ConfigVersion): ConfigVersionInfo {
  return {
    number: version.number,
    status: version.status,
    ...(version.since === undefined ? {} : { since: version.since }),
    shapeDigest: version.digests.shape,
    textDigest: version.digests.text,
    ...(version.operations === undefined ? {} : { operations: version.operations }),
    ...(Object.keys(version.deprecations).length === 0 ? {} : { deprecated: version.deprecations }),
  }
}

function createAtVersion(lineage: ConfigLineage, number: number): ConfigAtVersion | undefined {
  const version = lineage.versions.get(number)
  if (version === undefined) return undefined
  return {
    number,
    schema: publishedSchema(lineage, version),
    check: (value, context = {}) => checkValue(value, version, lineage, context),
  }
}
