/** Why a run could not check anything. */
export type ConformanceErrorKind = 'driver-unreachable' | 'index-invalid' | 'no-such-case' | 'command-failed'

/** A run that could not be made; the driver may be good or bad. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError'
  readonly kind: ConformanceErrorKind

  constructor(kind: ConformanceErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
  }
}
