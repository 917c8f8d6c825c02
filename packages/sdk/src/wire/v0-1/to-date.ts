import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt'

/** A point in time, to the millisecond; undefined when it is absent. */
export function toDate(timestamp: Timestamp | undefined): Date | undefined {
  return timestamp && timestampDate(timestamp)
}
