import type { LogLine } from '../model/log-line.js'
import type { PlatformEvent } from '../model/platform-event.js'
import type { SandboxInfo, SandboxPhase } from '../model/sandbox-info.js'
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
  /** Earliest log line; absent means no limit. */
  readonly logSince?: Date | undefined
  readonly logSources: readonly string[]
  readonly minimumLogLevel: string
  /** Place in an earlier stream to go on after; empty to start anew. Line 0.0 has none and takes no notice. */
  readonly resumeAfterCursor: string
  /** The gateway ends the stream after a state in one of `terminalPhases`. */
  readonly stopOnTerminal: boolean
}

/** What a watch delivers. `cursor` is the event's place in the stream; absent where it has none. */
export type WireWatchEvent =
  | { readonly type: 'status'; readonly info: SandboxInfo }
  | { readonly type: 'log'; readonly line: LogLine; readonly cursor?: string }
  | { readonly type: 'platform-event'; readonly event: PlatformEvent; readonly cursor?: string }
  /** A remark of the gateway about the stream, such as events that it dropped. */
  | { readonly type: 'warning'; readonly message: string }

/** What a client says about following a sandbox. */
export interface WatchCalls {
  /** The phases at which the line ends a stream that was opened with `stopOnTerminal`. */
  readonly terminalPhases: readonly SandboxPhase[]
  watch(address: SandboxAddress, request: WatchRequest, call: WireCall): AsyncIterable<WireWatchEvent>
}
