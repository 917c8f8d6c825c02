import type { DriverConfigChecker } from '@openshell-ts/driver-config/envelope'
import type { ChangeOptions } from './calls/request-options.js'
import { checkOptions } from './checks/check-options.js'
import { refuseUnusedOptions } from './checks/refuse-unused-options.js'
import { refuseUncheckedBlocks } from './driver-config/refuse-unchecked-blocks.js'
import type { SandboxWarning } from './driver-config/sandbox-warning.js'
import { LIMITS_OF_WAIT, WAIT_OPTIONS, type WaitOptions } from './watch/wait-options.js'

/** How a sandbox is created. The limits and `onProgress` are those of the wait that follows, and are refused without one. */
export interface SandboxCreateOptions extends WaitOptions, ChangeOptions {
  /**
   * Waits until commands can run, or, on line 0.1, until the main process has ended with code 0 (phase `completed`). When that fails,
   * the sandbox is deleted, unless `keep` is set. Line 0.0 takes every end of the main process for a failure: turn this off for work
   * that ends by itself, and use `waitCompleted`. @default true
   */
  readonly waitReady?: boolean
  /** Keeps the sandbox when its handle is disposed, and when it does not become ready. @default false */
  readonly keep?: boolean
  /**
   * Ends the create. A sandbox that exists by then is deleted, unless `keep` is set; one whose request was still on its way may
   * stay behind under its name.
   */
  readonly signal?: AbortSignal
  /**
   * Checks blocks of `driverConfig` before they are sent: configs of drivers, declared or loaded from their bundles. What they find
   * becomes warnings, because the driver decides. @default []
   */
  readonly checkers?: readonly DriverConfigChecker[]
  /**
   * What an error of a checker does. `refuse` throws it as a `DriverConfigRejectedError` before anything is sent, when the block is
   * the active driver's; a driver that is newer than its checker may know better. Blocks of other drivers, and of an active driver
   * whose key is not known, give warnings. Refused without `checkers`. @default 'warn'
   */
  readonly onBlockIssue?: 'warn' | 'refuse'
  /** Receives each warning before anything is sent; `sandbox.warnings` holds them all. */
  readonly onWarning?: (warning: SandboxWarning) => void
}

const OPTIONS = ['waitReady', 'keep', 'checkers', 'onBlockIssue', 'onWarning', 'requestId', ...WAIT_OPTIONS]

/** Throws kind `configuration` for options that do not exist, cannot be meant, or belong to what is not asked for. */
export function checkCreateOptions(options: SandboxCreateOptions): void {
  const call = 'sandboxes.create, options'
  checkOptions(call, options, OPTIONS)
  const hint =
    'Give them to sandbox.waitReady or sandbox.waitCompleted in place of the create, or leave out waitReady: false.'
  if (options.waitReady === false)
    refuseUnusedOptions(call, options, LIMITS_OF_WAIT, { needs: 'waitReady: true', hint })
  refuseUncheckedBlocks(call, options)
}
