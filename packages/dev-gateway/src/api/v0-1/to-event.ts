import type { MessageInitShape } from '@bufbuild/protobuf'
import type { PlatformEventSchema, SandboxLogLineSchema } from '@openshell-ts/protocol/v0-1'
import type { LogLineRecord, PlatformEventRecord } from '../../store/gateway-store.js'
import { toTimestamp } from './to-timestamp.js'

/** A line of a log as line 0.1 shows it. */
export function toLogLine(sandboxId: string, line: LogLineRecord): MessageInitShape<typeof SandboxLogLineSchema> {
  const { timestampMs, ...fields } = line
  const eventTime = toTimestamp(timestampMs)
  return { sandboxId, ...fields, ...(eventTime && { eventTime }) }
}

/** A driver's event as line 0.1 shows it. */
export function toPlatformEvent(event: PlatformEventRecord): MessageInitShape<typeof PlatformEventSchema> {
  const { timestampMs, ...fields } = event
  const eventTime = toTimestamp(timestampMs)
  return { ...fields, ...(eventTime && { eventTime }) }
}
