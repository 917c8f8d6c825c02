import { constants } from 'node:os'

/** What a command does about Ctrl-C and its like. */
export interface ExitSignals {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal
  /** 128 + N after signal N; `undefined` while none has come. */
  exitCode(): number | undefined
}

/** What a second signal does. */
export interface ExitSignalOptions {
  /** `ignore` lets the command clean up whatever happens; `end` ends the process at once. @default 'ignore' */
  readonly again?: 'ignore' | 'end'
}

/** Turns the signals that ask a process to end into one `AbortSignal`, so that the command can clean up and end by itself. */
export function listenForExitSignals({ again = 'ignore' }: ExitSignalOptions = {}): ExitSignals {
  const controller = new AbortController()
  let exitCode: number | undefined
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (exitCode !== undefined && again === 'end') process.exit(exitCode)
      exitCode ??= 128 + constants.signals[name]
      controller.abort()
    })
  }
  return { signal: controller.signal, exitCode: () => exitCode }
}
