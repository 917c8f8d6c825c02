import { constants } from 'node:os'

/** What a command does about Ctrl-C and its like. */
export interface ExitSignals {
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal
  /** 128 + N after signal N; `undefined` while none has come. */
  exitCode(): number | undefined
}

/**
 * Turns the signals that ask a process to end into one `AbortSignal`, so that the command can clean up first. It ends by
 * itself then; more signals change nothing.
 */
export function listenForExitSignals(): ExitSignals {
  const controller = new AbortController()
  let exitCode: number | undefined
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      exitCode ??= 128 + constants.signals[name]
      controller.abort()
    })
  }
  return { signal: controller.signal, exitCode: () => exitCode }
}
