import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ObjectMetaSchema } from '@openshell-ts/protocol/v0-0'
import type { StoredRecord } from '../../records/stored-record.js'

/** What the API shows of a record whose scope is its workspace. */
export function toMetadata(record: StoredRecord<unknown>): MessageInitShape<typeof ObjectMetaSchema> {
  return {
    id: record.id,
    name: record.name,
    workspace: record.scope,
    createdAtMs: BigInt(record.createdAtMs),
    resourceVersion: BigInt(record.resourceVersion),
  }
}
