import type { OpenShellError } from '../errors/openshell-error.js'
import type { LogLine } from '../model/log-line.js'
import type { PlatformEvent } from '../model/platform-event.js'
import type { SandboxInfo } from '../model/sandbox-info.js'

/** What `sandbox.watch` delivers. */
export type WatchEvent =
  /** The sandbox's state; the first event of each connection, and then every observation, changed or not. */
  | { readonly type: 'status'; readonly info: SandboxInfo }
  | { readonly type: 'log'; readonly line: LogLine }
  | { readonly type: 'platform-event'; readonly event: PlatformEvent }
  /**
   * Events may be missing: the consumer was too slow (`lagged`), the gateway's buffer did not reach back (`buffer-trimmed`), or it
   * started anew and does not know where the watch was (`cursor-lost`).
   */
  | { readonly type: 'gap'; readonly reason: 'lagged' | 'buffer-trimmed' | 'cursor-lost' }
  /**
   * The stream was lost, and is being opened again until it is or the watch ends; said once, however long that takes. `error` is why;
   * absent when the gateway ended the stream without a word.
   */
  | { readonly type: 'disconnected'; readonly error?: OpenShellError }
  /** The stream that was lost is open again; `attempt` counts the tries that this took. */
  | { readonly type: 'reconnected'; readonly attempt: number }
  /** The sandbox is gone; the last event. `replacedBy` is the id of another sandbox that has its name now. */
  | { readonly type: 'deleted'; readonly replacedBy?: string }
