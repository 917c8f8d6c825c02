import type { ProgressListener } from './sandbox-progress.js'

/** How long a wait lasts, and who hears of its progress. */
export interface WaitOptions {
  /** Limit of the whole wait; 0 means none. @default 0 */
  readonly timeoutMs?: number
  /** Limit of the time without a state change or a platform event; 0 means none. @default 300000 */
  readonly idleTimeoutMs?: number
  /** Receives every state change and every platform event, and hears when the gateway is away and back. */
  readonly onProgress?: ProgressListener
  /** Ends the wait; nothing changes for the sandbox. */
  readonly signal?: AbortSignal
}

/** Names of the options that mean nothing without a wait. */
export const LIMITS_OF_WAIT = [
  'timeoutMs',
  'idleTimeoutMs',
  'onProgress',
] as const satisfies readonly (keyof WaitOptions)[]

/** Names of all options, for the check of mistyped ones. */
export const WAIT_OPTIONS = [...LIMITS_OF_WAIT, 'signal'] as const satisfies readonly (keyof WaitOptions)[]
