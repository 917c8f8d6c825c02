/** A fault that cannot be added; the message says why. */
export class FaultError extends Error {
  override readonly name = 'FaultError'
}
