/** What a command is started with. */
export interface CommandStartOptions {
  /** Working directory in the sandbox; the image's when absent or empty. */
  readonly cwd?: string
  /** Variables beside those of the sandbox; names starting with `OPENSHELL_` are refused. */
  readonly environment?: Readonly<Record<string, string>>
  /** What the command reads; at most 900 KiB. End of file at once when absent or empty. */
  readonly stdin?: string | Uint8Array | AsyncIterable<string | Uint8Array>
  /** Limit of the remote command, rounded up to whole seconds; absent or 0 means none. It ends with code 124. */
  readonly timeoutMs?: number
  /** Stops listening. The remote command goes on. */
  readonly signal?: AbortSignal
}

/** What a command is run with. */
export interface CommandRunOptions extends CommandStartOptions {
  /** How many bytes of each stream are kept; what comes after is dropped. 0 keeps everything. @default 16777216 */
  readonly maxOutputBytes?: number
  /** Receives every chunk of stdout, also those that are not kept. Awaited; what it throws ends the run. */
  readonly onStdout?: (chunk: Uint8Array) => void | Promise<void>
  /** Receives every chunk of stderr, also those that are not kept. Awaited; what it throws ends the run. */
  readonly onStderr?: (chunk: Uint8Array) => void | Promise<void>
  /** Throws `CommandFailedError`, which holds the result, for a code other than 0. @default false */
  readonly check?: boolean
}
