import { type Duration, durationFromMs, durationMs } from '@bufbuild/protobuf/wkt'

/** A span of time from milliseconds; undefined for absent and 0. */
export function toDuration(timeMs: number | undefined): Duration | undefined {
  return timeMs ? durationFromMs(timeMs) : undefined
}

/** Milliseconds of a span of time; 0 when it is absent. */
export function toMs(duration: Duration | undefined): number {
  return duration ? durationMs(duration) : 0
}
