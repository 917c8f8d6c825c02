import { CHANGE_OPTIONS, type ChangeOptions } from './calls/request-options.js'
import { WAIT_OPTIONS, type WaitOptions } from './watch/wait-options.js'

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
