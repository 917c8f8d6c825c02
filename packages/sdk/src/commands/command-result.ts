import type { OpenShellError } from '../errors/openshell-error.js'
import type { CommandExit } from './command-exit.js'

/** How a command ended. A code other than 0 is a result, not an error. */
export interface CommandResult {
  /** 0 to 255; 124 when the time limit ended the command. */
  readonly exitCode: number
  /** The same, told apart: it exited, a signal ended it, or its time ran out. */
  readonly exit: Exclude<CommandExit, { type: 'unknown' }>
  /** What the command wrote to stdout, up to `maxOutputBytes`. */
  readonly stdout: Uint8Array
  /** What the command wrote to stderr, up to `maxOutputBytes`. */
  readonly stderr: Uint8Array
  /** `stdout` as text; bytes that are no UTF-8 become U+FFFD. */
  readonly stdoutText: string
  /** `stderr` as text; bytes that are no UTF-8 become U+FFFD. */
  readonly stderrText: string
  /** True when the command ran into `timeoutMs`: code 124 after at least that time. */
  readonly timedOut: boolean
  /** True when output is missing from `stdout` or `stderr`. */
  readonly truncated: boolean
  /** The streams that output is missing from, because they passed `maxOutputBytes` or broke off after the exit. */
  readonly truncatedStreams: readonly ('stdout' | 'stderr')[]
  /** Why the output broke off after the exit; absent where it did not, and where the gateway kept it open without an end. */
  readonly outputError?: OpenShellError
  /** Time from sending the command to its exit event. */
  readonly durationMs: number
}
