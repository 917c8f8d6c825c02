import { refuseUnusedOptions } from '../checks/refuse-unused-options.js'
import type { LintOptions } from './prepare-driver-config.js'

/** Throws kind `configuration` when it is said what an error of a checker does, and there is no checker. */
export function refuseUncheckedBlocks(call: string, options: LintOptions): void {
  if (options.checkers === undefined) refuseUnusedOptions(call, options, ['onBlockIssue'], { needs: 'checkers' })
}
