import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ObjectMetaSchema } from '@openshell-ts/protocol/v0-1'
import type { StoredRecord } from '../../records/stored-record.js'
import { toTimestamp } from './to-timestamp.js'

/** What the API shows of a record whose scope is its workspace. */
export function toMetadata(record: StoredRecord<unknown>): MessageInitShape<typeof ObjectMetaSchema> {
  const createdTime = toTimestamp(record.createdAtMs)
  return {
    id: record.id,
    name: record.name,
    workspace: record.scope,
    ...(createdTime && { createdTime }),
    resourceVersion: BigInt(record.resourceVersion),
  }
}
