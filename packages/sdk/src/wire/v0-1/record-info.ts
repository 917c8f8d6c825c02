import type { ObjectMeta } from '@openshell-ts/protocol/v0-1'
import type { RecordInfo } from '../../model/record-info.js'
import { toDate } from './to-date.js'

/** Reads the metadata of a record; what the gateway left out reads as empty. */
export function toRecordInfo(metadata: ObjectMeta | undefined): RecordInfo {
  const deletedAt = toDate(metadata?.deletionTime)
  return {
    id: metadata?.id ?? '',
    name: metadata?.name ?? '',
    workspace: metadata?.workspace ?? '',
    labels: { ...metadata?.labels },
    annotations: { ...metadata?.annotations },
    createdAt: toDate(metadata?.createdTime) ?? new Date(0),
    ...(deletedAt ? { deletedAt } : {}),
    resourceVersion: String(metadata?.resourceVersion ?? 0n),
  }
}
