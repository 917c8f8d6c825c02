import type { ObjectMeta } from '@openshell-ts/protocol/v0-0'
import type { RecordInfo } from '../../model/record-info.js'

/** Reads the metadata of a record; what the gateway left out reads as empty. */
export function toRecordInfo(metadata: ObjectMeta | undefined): RecordInfo {
  const deletedAt = toDate(metadata?.deletionTimestampMs)
  return {
    id: metadata?.id ?? '',
    name: metadata?.name ?? '',
    workspace: metadata?.workspace ?? '',
    labels: { ...metadata?.labels },
    annotations: { ...metadata?.annotations },
    createdAt: toDate(metadata?.createdAtMs) ?? new Date(0),
    ...(deletedAt ? { deletedAt } : {}),
    resourceVersion: String(metadata?.resourceVersion ?? 0n),
  }
}

/** A point in time; undefined for 0, which stands for none. */
export function toDate(timeMs: bigint | undefined): Date | undefined {
  return timeMs ? new Date(Number(timeMs)) : undefined
}
