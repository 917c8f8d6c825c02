import type { SandboxLogLine, PlatformEvent as WirePlatformEvent } from '@openshell-ts/protocol/v0-0'
import type { LogLine } from '../../model/log-line.js'
import type { PlatformEvent } from '../../model/platform-event.js'

/** Reads a log line. */
export function toLogLine({ timestampMs, level, source, target, message, fields }: SandboxLogLine): LogLine {
  return { at: new Date(Number(timestampMs)), level, source, target, message, fields: { ...fields } }
}

/** Reads a platform event. */
export function toPlatformEvent(event: WirePlatformEvent): PlatformEvent {
  const { timestampMs, source, type, reason, message, metadata } = event
  return { at: new Date(Number(timestampMs)), source, type, reason, message, metadata: { ...metadata } }
}
