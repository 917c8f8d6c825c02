import type { ConfigLineage } from '../check/lineage.js'
import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import { listTemplates } from '../schema/list-templates.js'
import { digestText } from '../schema/schema-digest.js'
import { type BundleDocument, bundleKeyword } from './bundle-data.js'
import type { PublishedFile } from './published-file.js'
import type { PublishedNames } from './published-names.js'

/** Grows with every change of what an index means. */
const indexFormat = 1

/** What an index is made of. */
export interface IndexSource {
  readonly bundle: BundleDocument
  readonly lineage: ConfigLineage
  readonly names: PublishedNames
  /** All other files. */
  readonly files: readonly PublishedFile[]
  /** What `readAdvertisedConfig` gives of a driver with these versions. */
  readonly configDigest: string
  readonly aliases: readonly string[]
}

/** The index of what is published: small enough to be read before anything else. It names every file, with its digest. */
export function writeIndex({ bundle, lineage, names, files, configDigest, aliases }: IndexSource): JsonObject {
  const { driver, driver_version, domain, root, min, max, unversioned, versions, removed } = bundle[bundleKeyword]
  const { reserved_names, limits } = bundle[bundleKeyword]
  const place = (name: string): object | undefined => {
    const file = files.find((each) => each.name === name)
    return file === undefined ? undefined : { $id: names.id(name), file: name, digest: digestText(file.text) }
  }
  const index = {
    index_format: indexFormat,
    driver,
    driver_version,
    domain,
    root,
    min,
    max,
    unversioned,
    config_digest: configDigest,
    aliases,
    versions: versions.map(({ version, status, since, shape_digest, text_digest, unknown_keys }) => ({
      version,
      status,
      since,
      ...place(names.schema(version)),
      draft_07: place(names.draft07(names.schema(version))),
      docs: place(names.docs(version)),
      shape_digest,
      text_digest,
      unknown_keys,
      bags: listBags(lineage, version),
    })),
    removed,
    reserved_names,
    limits,
    bundle: { ...place(names.bundle), draft_07: place(names.draft07(names.bundle)) },
    envelope: { ...place(names.envelope), draft_07: place(names.draft07(names.envelope)) },
    lineage: place(names.lineage),
    conformance: place(names.conformance),
  }
  return JSON.parse(JSON.stringify(index)) as JsonObject
}

/** Where a version takes JSON that it does not check. */
function listBags({ versions }: ConfigLineage, number: number): JsonValue[] {
  const node = versions.get(number)?.node
  return (node === undefined ? [] : listTemplates(node)).flatMap(({ template, node: field }) =>
    field.kind === 'opaque' ? [{ path: template, reason: field.reason, extensions: field.bag }] : [],
  )
}
