import { OpenShellError } from '../errors/openshell-error.js'
import type { CommandExit } from './command-exit.js'

/** The command may have run, but its end was never reported. Never a success. */
export class ExecResultUnknownError extends OpenShellError {
  static override readonly brand: symbol = Symbol.for('openshell-ts.sdk.ExecResultUnknownError')
  override readonly name = 'ExecResultUnknownError'
  /** For code that branches on how a command ended. */
  readonly exit: CommandExit = { type: 'unknown' }
  /** What the command had written to stdout, up to `maxOutputBytes`. */
  readonly stdout: Uint8Array
  /** What the command had written to stderr, up to `maxOutputBytes`. */
  readonly stderr: Uint8Array

  constructor(fields: {
    readonly message: string
    readonly rpc: string
    readonly sandboxName: string
    readonly stdout: Uint8Array
    readonly stderr: Uint8Array
    readonly cause?: unknown
  }) {
    super({
      kind: 'exec-result-unknown',
      message: fields.message,
      hint: 'The command may still be running. Look at its effects in the sandbox before you run it again.',
      rpc: fields.rpc,
      sandboxName: fields.sandboxName,
      attempts: 1,
      dispatched: true,
      cause: fields.cause,
    })
    this.stdout = fields.stdout
    this.stderr = fields.stderr
  }

  /** @internal The same error, with what the command had written. */
  withOutput(stdout: Uint8Array, stderr: Uint8Array): ExecResultUnknownError {
    const message = this.message.replace(`[${this.kind}] `, '')
    return new ExecResultUnknownError({
      message,
      rpc: this.rpc ?? '',
      sandboxName: this.sandboxName ?? '',
      stdout,
      stderr,
      cause: this.cause,
    })
  }

  /** Leaves out the output, which may hold secrets. */
  override toJSON(): Record<string, unknown> {
    const { stdout, stderr, ...rest } = super.toJSON() as { stdout: Uint8Array; stderr: Uint8Array }
    return { ...rest, stdoutBytes: stdout.length, stderrBytes: stderr.length }
  }
}
