/** Signals that the processes of a command can get. */
export const PROCESS_SIGNALS = [
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGKILL',
  'SIGUSR1',
  'SIGUSR2',
  'SIGTERM',
  'SIGCONT',
  'SIGSTOP',
] as const

/** A signal of Linux, which is what sandboxes run. */
export type ProcessSignal = (typeof PROCESS_SIGNALS)[number]
