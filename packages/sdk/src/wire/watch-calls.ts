import type { SandboxInfo } from '../sandbox-info.js'
import type { LogLine, PlatformEvent } from '../watch/watch-event.js'
import type { SandboxAddress } from './sandbox-address.js'
import type { WireCall } from './wire-call.js'

/** What a watch follows. */
export interface WatchRequest {
  readonly status: boolean
  readonly logs: boolean
  readonly events: boolean
  /** How many earlier log lines to replay; the gateway takes 0 for its default. */
  readonly logTailLines: number
  /** How many earlier platform events to replay; 0 means none. */
  readonly eventTail: number
  readonly logSources: readonly string[]
  readonly minimumLogLevel: string
}

/** What a watch delivers. */
export type WireWatchEvent =
  | { readonly type: 'status'; readonly info: SandboxInfo }
  | { readonly type: 'log'; readonly line: LogLine }
  | { readonly type: 'platform-event'; readonly event: PlatformEvent }

/** What a client says about following a sandbox. */
export interface WatchCalls {
  watch(address: SandboxAddress, request: WatchRequest, call: WireCall): AsyncIterable<WireWatchEvent>
}
