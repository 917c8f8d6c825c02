import type { LogLine } from '../model/log-line.js'
import type { PlatformEvent } from '../model/platform-event.js'
import type { SandboxInfo } from '../model/sandbox-info.js'
import type { WireWatchEvent } from './watch-calls.js'

type StreamPayload<S, L, E> =
  | { readonly case: 'sandbox'; readonly value: S }
  | { readonly case: 'log'; readonly value: L }
  | { readonly case: 'event'; readonly value: E }
  | { readonly case: 'warning'; readonly value: { readonly message: string } }
  | { readonly case: 'draftPolicyUpdate'; readonly value: unknown }
  | { readonly case: undefined; readonly value?: undefined }

/** How a line reads the parts of a stream's events. */
export interface StreamReaders<S, L, E> {
  readonly sandbox: (value: S) => SandboxInfo
  readonly log: (value: L) => LogLine
  readonly event: (value: E) => PlatformEvent
}

/** Reads an event of a watch; undefined for one that a watch does not deliver. */
export function toWatchEvent<S, L, E>(
  payload: NoInfer<StreamPayload<S, L, E>>,
  read: StreamReaders<S, L, E>,
): WireWatchEvent | undefined {
  switch (payload.case) {
    case 'sandbox':
      return { type: 'status', info: read.sandbox(payload.value) }
    case 'log':
      return { type: 'log', line: read.log(payload.value) }
    case 'event':
      return { type: 'platform-event', event: read.event(payload.value) }
    case 'warning':
      return { type: 'warning', message: payload.value.message }
    default:
      return undefined
  }
}
