import { DriverConfigRejectedError, OpenShellError } from '@openshell-ts/sdk'
import { speakOfFlags } from './speak-of-flags.js'

/** What went wrong, in the words of the command line. */
export interface Failure {
  /** Absent for errors of the system, such as a file that cannot be read. */
  readonly kind?: string
  readonly message: string
  /** What to change. */
  readonly hint?: string | undefined
  readonly problems: readonly string[]
}

/** Takes from an error what people and programs need. */
export function explainError(error: unknown): Failure {
  if (!(error instanceof OpenShellError)) {
    return { message: error instanceof Error ? error.message : String(error), problems: [] }
  }
  const { kind, plainMessage, hint } = error
  const issues = error instanceof DriverConfigRejectedError ? error.issues : []
  return {
    kind,
    message: speakOfFlags(plainMessage),
    hint: hint && speakOfFlags(hint),
    problems: issues.map(({ path, message }) => (message.includes(path) ? message : `${path}: ${message}`)),
  }
}
