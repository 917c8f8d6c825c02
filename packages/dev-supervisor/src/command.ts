import type { ServerChannel } from 'ssh2'
import type { TerminalSize } from './terminal.js'

/** A command to run on an SSH channel. */
export interface CommandRequest {
  readonly channel: ServerChannel
  /** Aborts when the client has closed the channel or the connection is gone. */
  readonly closed: AbortSignal
  readonly program: string
  readonly parameters: readonly string[]
  readonly workdir: string
  readonly environment: Readonly<Record<string, string>>
  /** A process group has started. */
  readonly onGroup: (group: number) => void
  /** Its leader has ended. */
  readonly onGroupEnded: (group: number) => void
}

/** A command that runs. */
export interface RunningCommand {
  /** Changes the size of its terminal; nothing happens without one. */
  resize(size: TerminalSize): void
}

/** Exit status of a command that could not be started. */
const CANNOT_RUN = 126

/** Tells the client on stderr why its command cannot run, with exit status 126. */
export function refuseCommand(channel: ServerChannel, reason: string): void {
  channel.on('error', () => {})
  channel.stderr.write(`openshell-dev-supervisor: ${reason}\n`)
  channel.exit(CANNOT_RUN)
  channel.end()
  channel.resume()
}
