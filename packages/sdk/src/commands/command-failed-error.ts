import { OpenShellError } from '../errors/openshell-error.js'
import type { CommandResult } from './command-result.js'

/** A command of `run(…, { check: true })` ended with a code other than 0, or ran into its time limit. */
export class CommandFailedError extends OpenShellError {
  static override readonly brand: symbol = Symbol.for('openshell-ts.sdk.CommandFailedError')
  override readonly name = 'CommandFailedError'
  /** The result that `run` would have returned without `check`. */
  readonly result: CommandResult

  constructor(result: CommandResult, sandboxName: string) {
    super({
      kind: 'command-failed',
      message: result.timedOut
        ? `The command ran into its time limit (timeoutMs) and ended with code ${result.exitCode}.`
        : `The command ended with code ${result.exitCode}.`,
      hint: 'Read error.result for its output, or leave out check: true to get the result as a value.',
      rpc: 'ExecSandbox',
      sandboxName,
      attempts: 1,
      dispatched: true,
    })
    this.result = result
  }

  /** Leaves out the output, which may hold secrets. */
  override toJSON(): Record<string, unknown> {
    const { exitCode, timedOut } = this.result
    return { ...super.toJSON(), result: { exitCode, timedOut } }
  }
}
