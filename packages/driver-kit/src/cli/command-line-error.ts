/** A command line that cannot be followed. Its message is one sentence that says what to write. */
export class CommandLineError extends Error {
  override readonly name = 'CommandLineError'
}
