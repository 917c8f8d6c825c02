import { explainError } from './explain-error.js'
import type { Surroundings } from './surroundings.js'

/** Tells results to people or, with `--json`, to programs. */
export interface Report {
  /** True when a program reads the output. */
  readonly json: boolean
  /** A result: the value for programs, the text for people. */
  result(value: object, text: string): void
  /** Something beside the results that programs want to know too: the value for them, the text for people. */
  aside(value: object, text: string): void
  /** Something that people want to know; programs do not hear of it. */
  note(text: string): void
  /** Why the work has failed, and what to change. */
  fail(error: unknown): void
}

/** Results go to stdout; all else to stderr. */
export function createReport({ stdout, stderr }: Pick<Surroundings, 'stdout' | 'stderr'>, json: boolean): Report {
  return {
    json,
    result: (value, text) => void stdout.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`),
    aside: (value, text) => void stderr.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`),
    note: (text) => void (json || stderr.write(`${text}\n`)),
    fail(error) {
      const failure = explainError(error)
      const { message, problems, hint } = failure
      // The message of some errors tells the problems already.
      const others = problems.filter((problem) => !message.includes(problem))
      const lines = [message, ...others, hint].filter((line) => line !== undefined && line !== '')
      stderr.write(json ? `${JSON.stringify({ error: failure })}\n` : `${lines.join('\n  ')}\n`)
    },
  }
}
