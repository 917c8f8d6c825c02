import { checkOptions } from '../checks/check-options.js'
import { refuseUnusedOptions } from '../checks/refuse-unused-options.js'

/** What a watch follows. */
export interface WatchOptions {
  /** Follows the sandbox's state; the first event is a snapshot in any case. @default true */
  readonly status?: boolean
  /** Follows what happens on the platform, such as the pulling of an image. @default true */
  readonly events?: boolean
  /** Follows log lines. @default false */
  readonly logs?: boolean
  /** How many earlier platform events come first; 0 means none, and the gateway keeps 50. @default 0 */
  readonly eventTail?: number
  /** How many earlier log lines come first; the gateway takes 0 for its default of 200. @default 0 */
  readonly logTailLines?: number
  /** Earliest log line; absent means no limit. Wire line 0.0 applies it to earlier lines alone. */
  readonly logSince?: Date
  /** Log lines of these sources only, `sandbox` and `gateway`; empty means both. @default [] */
  readonly logSources?: readonly string[]
  /** Log lines of this level and above only, such as `WARN`; empty means all. A line without a known level is dropped. @default '' */
  readonly minimumLogLevel?: string
  /** Ends the watch with kind `aborted`. */
  readonly signal?: AbortSignal
}

const WATCH_OPTIONS = [
  'status',
  'events',
  'logs',
  'eventTail',
  'logTailLines',
  'logSince',
  'logSources',
  'minimumLogLevel',
  'signal',
] as const satisfies readonly (keyof WatchOptions)[]

const OF_LOGS = [
  'logTailLines',
  'logSince',
  'logSources',
  'minimumLogLevel',
] as const satisfies readonly (keyof WatchOptions)[]

/** Throws kind `configuration` for options that do not exist, cannot be meant, or belong to what is not followed. */
export function checkWatchOptions(options: WatchOptions): void {
  checkOptions('sandbox.watch', options, WATCH_OPTIONS)
  if (!options.logs) refuseUnusedOptions('sandbox.watch', options, OF_LOGS, { needs: 'logs: true' })
  if (options.events === false) refuseUnusedOptions('sandbox.watch', options, ['eventTail'], { needs: 'events: true' })
}
