/** A check that could not be done, which is never success. Its message is one sentence that says what to change. */
export class CouldNotCheckError extends Error {
  override readonly name = 'CouldNotCheckError'
}
