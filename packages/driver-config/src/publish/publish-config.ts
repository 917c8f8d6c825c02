import type { ConfigLineage } from '../check/lineage.js'
import { writeConformance } from '../conformance/write-conformance.js'
import { DefinitionError } from '../define/definition-error.js'
import type { DriverConfig, PublishedSchema } from '../define/driver-config.js'
import { requireLineage } from '../define/require-lineage.js'
import type { JsonObject } from '../envelope/json-value.js'
import { toDraft07 } from '../schema/draft-07.js'
import { configDigest } from './advertised-config.js'
import { bundleKeyword } from './bundle-data.js'
import { publishAgain } from './bundle-problem.js'
import { editorSchema } from './editor-schema.js'
import { loadPublishedConfig } from './load-published-config.js'
import { envelopeDocuments, requireFolder, requireKeys } from './publish-envelope.js'
import { PublishedConfigError } from './published-config-error.js'
import { type PublishedDocument, type PublishedFile, toDocument } from './published-file.js'
import { type PublishedNames, publishedNames } from './published-names.js'
import { nameOf, writeBundle } from './write-bundle.js'
import { writeIndex } from './write-index.js'
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
  /** Other keys under which gateways have this driver; the schema of the envelope knows them too. @default none */
  readonly aliases?: readonly string[]
  /** Pages about versions, as Markdown by `schema_version`; they are published as `docs/vN.md`. @default none */
  readonly docs?: ReadonlyMap<number, string>
}

/** What a config publishes. */
export interface PublishedFiles {
  /** All versions in one document: what `loadPublishedConfig` reads. */
  readonly bundle: PublishedDocument
  /**
   * All files: `index.json`, one `vN.schema.json` a version, `bundle.schema.json`, `envelope.schema.json`, the same for editors in
   * `draft-07/`, `lineage.json`, `conformance.json`, and the pages.
   */
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
  { driverVersion, baseUrl, aliases = [], docs = new Map() }: PublishConfigOptions = {},
): PublishedFiles {
  const { driverName, domain } = config
  const lineage = requireLineage(config, 'publish')
  const keys = [driverName, ...aliases]
  requireKeys(keys, lineage)
  const schemas = config.schemas()
  const names = publishedNames(requireFolder(baseUrl ?? `https://${domain}/schemas/${driverName}/`, lineage))
  const bundle = writeBundle({ lineage, domain, schemas, driverVersion, id: names.id(names.bundle) })
  const document = JSON.parse(JSON.stringify(bundle)) as JsonObject
  proveLoads(document, lineage)
  const bundleFile = toDocument(names.bundle, document)
  const configs = new Map(keys.map((key) => [key, config]))
  const files = [
    ...writeSchemas(config, lineage, names),
    bundleFile,
    writeEditorBundle(config, lineage, document, names),
    ...envelopeDocuments(configs, lineage.root, names.id),
    toDocument(names.lineage, writeLineage(bundle, lineage, schemas)),
    toDocument(names.conformance, toJson(writeConformance({ lineage, schemas, driverVersion }))),
    ...[...docs].map(([version, text]): PublishedFile => ({ name: names.docs(version), text })),
  ]
  const index = writeIndex({ bundle, lineage, names, files, configDigest: configDigest(config), aliases })
  return { bundle: bundleFile, files: [toDocument(names.index, index), ...files], digest: bundle[bundleKeyword].digest }
}

/** Each version in both forms. */
function writeSchemas(
  config: DriverConfig<unknown>,
  lineage: ConfigLineage,
  names: PublishedNames,
): PublishedDocument[] {
  return config.schemas().flatMap((published) => {
    const { $schema = '', ...schema } = published.schema
    const name = names.schema(published.version)
    const editorName = names.draft07(name)
    const { $schema: draft = '', ...editor } = writeEditorVersion(published, lineage)
    return [
      toDocument(name, { $schema, $id: names.id(name), ...schema }),
      toDocument(editorName, { $schema: draft, $id: names.id(editorName), ...editor }),
    ]
  })
}

function writeEditorVersion(published: PublishedSchema, { driverName, versions }: ConfigLineage): JsonObject {
  const deprecations = versions.get(published.version)?.deprecations ?? {}
  return editorSchema({ driverName, published, deprecations })
}

/** The bundle for editors: its versions have what editors show. */
function writeEditorBundle(
  config: DriverConfig<unknown>,
  lineage: ConfigLineage,
  document: JsonObject,
  names: PublishedNames,
): PublishedDocument {
  const definitions = config.schemas().map((published) => {
    const { $schema: _, ...schema } = writeEditorVersion(published, lineage)
    return [nameOf(published.version), schema] as const
  })
  const name = names.draft07(names.bundle)
  const { $defs: _, ...rest } = document
  return toDocument(name, {
    ...toDraft07({ ...rest, $id: names.id(name) }),
    definitions: Object.fromEntries(definitions),
  })
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

function toJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject
}
