import type { ConfigLineage } from '../check/lineage.js'
import { DefinitionError } from '../define/definition-error.js'
import type { DriverConfig } from '../define/driver-config.js'
import { lineageOf } from '../define/lineage-of.js'
import type { JsonObject } from '../envelope/json-value.js'
import { ownerOf } from '../issue/owner-title.js'
import { bundleKeyword } from './bundle-data.js'
import { publishAgain } from './bundle-problem.js'
import { loadPublishedConfig } from './load-published-config.js'
import { PublishedConfigError } from './published-config-error.js'
import { writeBundle } from './write-bundle.js'
import { type IndexNames, writeIndex } from './write-index.js'
import { writeLineage } from './write-lineage.js'

/** Options of `publishConfig`. */
export interface PublishConfigOptions {
  /** The version of the driver, for reports of programs that load the bundle: `driver acme 1.4.0 supports 1 to 2`. */
  readonly driverVersion?: string
  /**
   * The absolute URL of the folder that the files will be served from; their `$id`s lie in it. Addresses that were given out once
   * stay the same. @default `https://DOMAIN/schemas/DRIVER/`
   */
  readonly baseUrl?: string
}

/** A document to publish. */
export interface PublishedFile {
  /** Name of the file in the folder of the driver: `v2.schema.json`. */
  readonly name: string
  readonly value: JsonObject
  /** The same as text: two spaces, a line break at the end. Equal configs give equal texts. */
  readonly text: string
}

/** What a config publishes. */
export interface PublishedFiles {
  /** All versions in one document: what `loadPublishedConfig` reads. */
  readonly bundle: PublishedFile
  /** All files: `index.json`, one `vN.schema.json` a version, `bundle.schema.json`, `lineage.json`. */
  readonly files: readonly PublishedFile[]
  /** `sha256:…` of the bundle. */
  readonly digest: string
}

/**
 * The documents of a config, for programs that do not have the driver's code. Pure: the caller writes the files.
 *
 * The bundle is read back before it is returned, so that what is published can be loaded.
 *
 * @throws DefinitionError for a config that takes nothing, and for one that a bundle cannot carry, with the reason.
 */
export function publishConfig(
  config: DriverConfig<unknown>,
  { driverVersion, baseUrl }: PublishConfigOptions = {},
): PublishedFiles {
  const { driverName, domain } = config
  const lineage = requireLineage(config)
  const schemas = config.schemas()
  const names = fileNames(baseUrl ?? `https://${domain}/schemas/${driverName}/`, lineage)
  const bundle = writeBundle({ lineage, domain, schemas, driverVersion, id: names.id(names.bundle) })
  const document = JSON.parse(JSON.stringify(bundle)) as JsonObject
  proveLoads(document, lineage)
  const bundleFile = toFile(names.bundle, document)
  const files = [
    toFile('index.json', writeIndex(bundle, lineage, names)),
    ...schemas.map(({ version, schema }) => {
      const { $schema = '', ...rest } = schema
      const name = names.schema(version)
      return toFile(name, { $schema, $id: names.id(name), ...rest })
    }),
    bundleFile,
    toFile(names.lineage, writeLineage(bundle, lineage, schemas)),
  ]
  return { bundle: bundleFile, files, digest: bundle[bundleKeyword].digest }
}

function requireLineage(config: DriverConfig<unknown>): ConfigLineage {
  const lineage = lineageOf(config)
  if (lineage !== undefined) return lineage
  const { driverName, versions } = config
  const owner = ownerOf(config.describe().root)
  if (versions.max === 0) {
    throw new DefinitionError({ driverName, owner, problem: 'it takes no config, so there is nothing to publish.' })
  }
  const problem = 'it was built by another copy of this package.'
  throw new DefinitionError({ driverName, owner, problem, hint: 'Publish it with the copy that built it.' })
}

function fileNames(baseUrl: string, { driverName, owner }: ConfigLineage): IndexNames {
  if (!/^https?:\/\/[^\s?#]+$/.test(baseUrl)) {
    const problem = 'the option "baseUrl" is no absolute URL.'
    throw new DefinitionError({ driverName, owner, problem, hint: 'Write https://… without a query.' })
  }
  const folder = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`
  return {
    bundle: 'bundle.schema.json',
    lineage: 'lineage.json',
    schema: (version) => `v${version}.schema.json`,
    id: (name) => `${folder}${name}`,
  }
}

function proveLoads(document: JsonObject, { driverName, owner }: ConfigLineage): void {
  try {
    loadPublishedConfig(document)
  } catch (cause) {
    if (!(cause instanceof PublishedConfigError)) throw cause
    const reasons = cause.problems
      .map(({ message, fix }) => (fix === publishAgain ? message : `${message} ${fix}`))
      .join(' ')
    throw new DefinitionError({ driverName, owner, problem: `a bundle cannot carry it: ${reasons}`, cause })
  }
}

function toFile(name: string, value: JsonObject): PublishedFile {
  return { name, value, text: `${JSON.stringify(value, undefined, 2)}\n` }
}
