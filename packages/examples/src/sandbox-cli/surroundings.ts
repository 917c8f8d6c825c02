import type { Readable, Writable } from 'node:stream'

/** Where input comes from; a terminal knows raw mode. */
export type Input = Readable & {
  readonly isTTY?: boolean
  readonly setRawMode?: (raw: boolean) => unknown
}

/** Where output goes; a terminal knows its size and tells when it changes. */
export type Output = Writable & {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** What a command line is run in: a process, or a test. */
export interface Surroundings {
  readonly stdin: Input
  /** Results. */
  readonly stdout: Output
  /** Progress, notes and failures. */
  readonly stderr: Output
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Aborts at the first Ctrl-C. */
  readonly signal: AbortSignal
  /** The exit code after Ctrl-C and its like. */
  readonly interruptCode: () => number
}
