import type { MessageInitShape } from '@bufbuild/protobuf'
import type { TimestampSchema } from '@bufbuild/protobuf/wkt'

/** A time as a protobuf Timestamp. A Date never leaves its range. */
export function toTimestamp(time: Date): MessageInitShape<typeof TimestampSchema> {
  const milliseconds = time.getTime()
  const seconds = Math.floor(milliseconds / 1_000)
  return { seconds: BigInt(seconds), nanos: (milliseconds - seconds * 1_000) * 1_000_000 }
}
