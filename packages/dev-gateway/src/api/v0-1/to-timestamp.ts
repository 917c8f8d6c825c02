import { fromJson } from '@bufbuild/protobuf'
import { type Timestamp, TimestampSchema, timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt'
import { invalidArgument } from '../../errors/status-error.js'

/** A time of the gateway as this line says it; 0, which means no time, is left out. */
export function toTimestamp(ms: number | bigint): Timestamp | undefined {
  return Number(ms) === 0 ? undefined : timestampFromMs(Number(ms))
}

/** A time that a driver wrote as text; absent when it wrote none, or none that can be read. */
export function textToTimestamp(text: string): Timestamp | undefined {
  if (text === '') return undefined
  try {
    return fromJson(TimestampSchema, text)
  } catch {
    return undefined
  }
}

/** A caller's time in milliseconds since 1970; 0 when it gave none. Throws INVALID_ARGUMENT for one that no date can say. */
export function toMilliseconds(field: string, time: Timestamp | undefined): number {
  if (!time) return 0
  const ms = timestampMs(time)
  if (Math.abs(ms) > 8.64e15) throw invalidArgument(`${field} is out of range`)
  return ms
}
