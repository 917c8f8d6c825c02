import type { ConfigLineage } from '../check/lineage.js'
import type { JsonObject, JsonValue } from '../envelope/json-value.js'
import { listTemplates } from '../schema/list-templates.js'
import { type BundleDocument, bundleKeyword } from './bundle-data.js'

/** Grows with every change of what an index means. */
const indexFormat = 1

/** Where a document of a config is found. */
export interface IndexNames {
  readonly bundle: string
  readonly lineage: string
  /** The file of a version. */
  schema(version: number): string
  /** The absolute address of a file. */
  id(name: string): string
}

/** The index of what is published: small enough to be read before anything else. */
export function writeIndex(bundle: BundleDocument, lineage: ConfigLineage, names: IndexNames): JsonObject {
  const { driver, driver_version, domain, root, min, max, unversioned, digest, versions, removed } =
    bundle[bundleKeyword]
  const { reserved_names, limits } = bundle[bundleKeyword]
  const index = {
    index_format: indexFormat,
    driver,
    driver_version,
    domain,
    root,
    min,
    max,
    unversioned,
    versions: versions.map(({ version, status, since, shape_digest, text_digest, unknown_keys }) => ({
      version,
      status,
      since,
      $id: names.id(names.schema(version)),
      file: names.schema(version),
      shape_digest,
      text_digest,
      unknown_keys,
      bags: listBags(lineage, version),
    })),
    removed,
    reserved_names,
    limits,
    bundle: { $id: names.id(names.bundle), file: names.bundle, digest },
    lineage: { $id: names.id(names.lineage), file: names.lineage },
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
