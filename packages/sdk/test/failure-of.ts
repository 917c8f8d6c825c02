import { OpenShellError } from '../src/index.js'

/** The error that the work fails with; fails the test when it does not, or with anything but an `OpenShellError`. */
export async function failureOf(work: Promise<unknown>): Promise<OpenShellError> {
  try {
    await work
  } catch (error) {
    if (error instanceof OpenShellError) return error
    throw error
  }
  throw new Error('The call did not fail.')
}
