import { OpenShellError } from './openshell-error.js'

/** True when an error says that the thing itself is missing, and not the workspace that was to hold it. */
export function isAbsence(error: unknown): error is OpenShellError {
  // Both carry the same code; only the text tells them apart.
  return isNotFound(error) && !/workspace '.*' not found/s.test(error.message)
}

/** True for kind `not-found`. */
export function isNotFound(error: unknown): error is OpenShellError {
  return error instanceof OpenShellError && error.kind === 'not-found'
}

/** What was found, or undefined when it is missing. */
export async function orUndefined<T>(finding: Promise<T>): Promise<T | undefined> {
  try {
    return await finding
  } catch (error) {
    if (isAbsence(error)) return undefined
    throw error
  }
}
