/** How a command ended. */
export type CommandExit =
  | { readonly type: 'exited'; readonly exitCode: number }
  /** The code is 128 and the number of this signal, which is how shells report one; a program may also exit so by itself. */
  | { readonly type: 'signalled'; readonly exitCode: number; readonly signal: string }
  /** The time limit ended the command: code 124 after at least that time. */
  | { readonly type: 'timed-out'; readonly exitCode: number }
  /** The end was never reported; stands on `ExecResultUnknownError` only. */
  | { readonly type: 'unknown' }

// The code with which the gateway reports that the time limit ended a command; a command may also end with it by itself.
const TIMEOUT_EXIT_CODE = 124

// Sandboxes run Linux; these are its numbers for the signals that end a process.
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
}

/** What is known beside the code. */
export interface ExitCircumstances {
  /** The remote limit; 0 when there is none. */
  readonly limitMs: number
  readonly durationMs: number
}

/** Tells the ends of a command apart. */
export function toCommandExit(
  exitCode: number,
  { limitMs, durationMs }: ExitCircumstances,
): Exclude<CommandExit, { type: 'unknown' }> {
  if (exitCode === TIMEOUT_EXIT_CODE && limitMs > 0 && durationMs >= limitMs) return { type: 'timed-out', exitCode }
  const signal = SIGNALS[exitCode - 128]
  return signal === undefined ? { type: 'exited', exitCode } : { type: 'signalled', exitCode, signal }
}
