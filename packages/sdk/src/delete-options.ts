import { CHANGE_OPTIONS, type ChangeOptions } from './calls/request-options.js'
import { checkOptions } from './checks/check-options.js'
import { refuseUnusedOptions } from './checks/refuse-unused-options.js'
import { LIMITS_OF_WAIT, WAIT_OPTIONS, type WaitOptions } from './watch/wait-options.js'

/** How a sandbox is deleted. */
export interface DeleteOptions extends WaitOptions, ChangeOptions {
  /** Waits until the record is gone. The limits and `onProgress` are those of this wait, and are refused without it. @default false */
  readonly wait?: boolean
}

const OPTIONS = ['wait', ...CHANGE_OPTIONS, ...WAIT_OPTIONS] as const satisfies readonly (keyof DeleteOptions)[]

/** Throws kind `configuration` for options that do not exist, cannot be meant, or are for a wait that is not asked for. */
export function checkDeleteOptions(call: string, options: DeleteOptions): DeleteOptions {
  checkOptions(call, options, OPTIONS)
  const hint = 'Give them to sandbox.waitDeleted, or set wait: true.'
  if (!options.wait) refuseUnusedOptions(call, options, LIMITS_OF_WAIT, { needs: 'wait: true', hint })
  return options
}
