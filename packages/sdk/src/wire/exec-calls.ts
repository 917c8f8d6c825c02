import type { ExecEvent } from './exec-event.js'
import type { ExecOutput } from './exec-output.js'
import type { SandboxAddress } from './sandbox-address.js'
import type { WireCall } from './wire-call.js'

/** A command as it goes on the wire. */
export interface ExecRequest {
  readonly command: readonly string[]
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  readonly stdin: Uint8Array
  /** Limit of the remote command in milliseconds; 0 means none. */
  readonly timeoutMs: number
  /** Runs on a terminal, where both outputs arrive as stdout. */
  readonly tty: boolean
  /** False keeps the shell from reading profiles; a line that cannot say so ignores it. */
  readonly loginShell: boolean
}

/** A command whose input follows while it runs. */
export interface InteractiveRequest extends Omit<ExecRequest, 'stdin'> {
  /** Width of the terminal in characters; 0 means the gateway's default. */
  readonly cols: number
  /** Height of the terminal in lines; 0 means the gateway's default. */
  readonly rows: number
}

/** What a caller sends while a command runs. */
export type CommandInput =
  | { readonly type: 'stdin'; readonly data: Uint8Array }
  | { readonly type: 'resize'; readonly cols: number; readonly rows: number }

/** What a line knows about commands. */
export interface ExecFeatures {
  /** Whether the end of the inputs is the end of the command's input; otherwise it costs the exit event and what comes before. */
  readonly inputEnds: boolean
  /** Whether `loginShell: false` can be said. */
  readonly loginShellIsOptional: boolean
}

/** What a client says about commands. */
export interface ExecCalls {
  readonly features: ExecFeatures
  /** Runs a command. Its output comes with the events, unless somebody takes it as it arrives: then an event tells that it has begun. */
  run(
    address: SandboxAddress,
    request: ExecRequest,
    call: WireCall,
    output: ExecOutput | undefined,
  ): AsyncIterable<ExecEvent>
  interact(
    address: SandboxAddress,
    request: InteractiveRequest,
    inputs: AsyncIterable<CommandInput>,
    call: WireCall,
  ): AsyncIterable<ExecEvent>
}
