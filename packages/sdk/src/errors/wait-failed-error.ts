import type { SandboxInfo } from '../model/sandbox-info.js'
import { OpenShellError } from './openshell-error.js'

/** A wait ended without its goal: the sandbox cannot get there (`wait-failed`), or did not in time (`timeout`). */
export class WaitFailedError extends OpenShellError {
  static override readonly brand: symbol = Symbol.for('openshell-ts.sdk.WaitFailedError')
  override readonly name = 'WaitFailedError'
  /** The last state that was seen; absent when none was. */
  readonly lastInfo?: SandboxInfo
  /** When the state changed last, or when the wait began if it never did. */
  readonly lastChangeAt: Date

  constructor(fields: {
    readonly kind: 'wait-failed' | 'timeout'
    readonly message: string
    readonly hint: string
    readonly sandboxName: string
    readonly lastInfo?: SandboxInfo | undefined
    readonly lastChangeAt: Date
    readonly cause?: unknown
  }) {
    super({ ...fields, attempts: 1, retryable: fields.kind === 'timeout' })
    if (fields.lastInfo !== undefined) this.lastInfo = fields.lastInfo
    this.lastChangeAt = fields.lastChangeAt
  }

  /** Reduces the last state to its phase and conditions: a spec may hold secrets. */
  override toJSON(): Record<string, unknown> {
    const { lastInfo, ...rest } = super.toJSON() as { lastInfo?: SandboxInfo }
    return lastInfo ? { ...rest, phase: lastInfo.phase, conditions: lastInfo.conditions } : rest
  }
}
