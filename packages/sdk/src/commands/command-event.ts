import type { OpenShellError } from '../errors/openshell-error.js'
import type { CommandExit } from './command-exit.js'

/** What a running command reports, in the order in which it arrives; `exit` comes last. */
export type CommandEvent =
  | { readonly type: 'stdout'; readonly data: Uint8Array }
  | { readonly type: 'stderr'; readonly data: Uint8Array }
  | {
      readonly type: 'exit'
      /** 0 to 255; 124 when the time limit ended the command. */
      readonly exitCode: number
      /** The same, told apart: it exited, a signal ended it, or its time ran out. */
      readonly exit: Exclude<CommandExit, { type: 'unknown' }>
      /** False when the stream broke off after the exit, so that output may be missing. */
      readonly outputComplete: boolean
      /** Why it broke off; absent where it did not, and where the gateway kept it open without an end. */
      readonly outputError?: OpenShellError
    }
