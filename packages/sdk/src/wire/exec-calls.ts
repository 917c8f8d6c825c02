import type { CommandEvent } from '../commands/command-event.js'
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
}

/** What a client says about commands. */
export interface ExecCalls {
  run(address: SandboxAddress, request: ExecRequest, call: WireCall): AsyncIterable<CommandEvent>
}
