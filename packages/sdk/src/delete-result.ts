import { CHANGE_OPTIONS, type ChangeOptions } from './request-options.js'
import { WAIT_OPTIONS, type WaitOptions } from './watch/wait-options.js'

/** What became of a deletion. */
export interface DeleteResult {
  /**
   * `completed`: the record is gone. `accepted`: the driver is at work and the record lingers; `waitDeleted` waits for it.
   * `absent`: there was nothing to delete. `unknown`: the gateway gave an answer that this release does not know.
   */
  readonly outcome: 'completed' | 'accepted' | 'absent' | 'unknown'
  /** Id of the sandbox; absent when there was none. */
  readonly sandboxId?: string
}

/** How a sandbox is deleted. */
export interface DeleteOptions extends WaitOptions, ChangeOptions {
  /** Waits until the record is gone; the limits of the wait apply. @default false */
  readonly wait?: boolean
}

/** Names of all options, for the check of mistyped ones. */
export const DELETE_OPTIONS = [
  'wait',
  ...CHANGE_OPTIONS,
  ...WAIT_OPTIONS,
] as const satisfies readonly (keyof DeleteOptions)[]
