import type { SandboxLogLine, PlatformEvent as WirePlatformEvent } from '@openshell-ts/protocol/v0-1'
import type { LogLine } from '../../model/log-line.js'
import type { PlatformEvent } from '../../model/platform-event.js'
import { toDate } from './to-date.js'

/** Reads a log line. */
export function toLogLine({ eventTime, level, source, target, message, fields }: SandboxLogLine): LogLine {
  return { at: toDate(eventTime) ?? new Date(0), level, source, target, message, fields: { ...fields } }
}

/** Reads a platform event. */
export function toPlatformEvent(event: WirePlatformEvent): PlatformEvent {
  const { eventTime, source, type, reason, message, metadata } = event
  return { at: toDate(eventTime) ?? new Date(0), source, type, reason, message, metadata: { ...metadata } }
}
