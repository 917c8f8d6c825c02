/** What every command is started with. */
export interface CommandOptions {
  /** Working directory in the sandbox; the image's when absent or empty. */
  readonly cwd?: string
  /** Variables beside those of the sandbox; names starting with `OPENSHELL_` are refused. */
  readonly environment?: Readonly<Record<string, string>>
  /**
   * Limit of the remote command; absent or 0 means none. It ends with exit `timed-out`. Gateways of line 0.0 count whole seconds,
   * rounded up.
   */
  readonly timeoutMs?: number
  /**
   * Whether the sandbox's shell reads its profiles before it runs the command. False is for line 0.1; line 0.0 always reads them, and
   * refuses it with kind `unsupported`. @default true
   */
  readonly loginShell?: boolean
  /**
   * UUID of this run, on wire line 0.1: a command of the same id never runs twice, even over a restart of the caller. What it said
   * is not said again; the repetition fails with kind `outcome-uncertain`. One is made for each run when absent.
   */
  readonly requestId?: string
  /** Stops listening. The remote command goes on. */
  readonly signal?: AbortSignal
}

/** Whether a handle can end its command. */
export interface KillableOptions {
  /**
   * Lets `handle.kill()` reach the command, which gateways have no call for: a shell of the sandbox runs it, and notes its process id in
   * the temporary folder until it ends. A command that a signal ends is reported as `signalled`. @default false
   */
  readonly killable?: boolean
}

/** What a command is given that reads its input from the beginning. */
export interface CommandInputOptions extends CommandOptions {
  /**
   * What the command reads, of any length; an iterable is read while the command runs. End of file at once when absent or empty.
   * Above 900 KiB, line 0.0 puts it into a file in the sandbox first.
   */
  readonly stdin?: string | Uint8Array | AsyncIterable<string | Uint8Array>
  /** Runs on a terminal of no particular size, where stderr arrives as stdout; `interactive` knows sizes. @default false */
  readonly tty?: boolean
}

/** What a command is started with. */
export interface CommandStartOptions extends CommandInputOptions, KillableOptions {}

/** What a command is run with. */
export interface CommandRunOptions extends CommandInputOptions {
  /** How many bytes of each stream are kept; what comes after is dropped. 0 keeps everything. @default 16777216 */
  readonly maxOutputBytes?: number
  /** Receives every chunk of stdout, also those that are not kept. Awaited; what it throws ends the run. */
  readonly onStdout?: (chunk: Uint8Array) => unknown
  /** Receives every chunk of stderr, also those that are not kept. Awaited; what it throws ends the run. Refused with `tty: true`. */
  readonly onStderr?: (chunk: Uint8Array) => unknown
  /** Throws `CommandFailedError`, which holds the result, for a code other than 0. @default false */
  readonly check?: boolean
}

/** What an interactive command is started with. */
export interface CommandInteractiveOptions extends CommandOptions, KillableOptions {
  /** Runs on a terminal, where stderr arrives as stdout; false gives pipes. @default true */
  readonly tty?: boolean
  /** Width of the terminal in characters, 1 to 65535. @default 80 */
  readonly cols?: number
  /** Height of the terminal in lines, 1 to 65535. @default 24 */
  readonly rows?: number
}
