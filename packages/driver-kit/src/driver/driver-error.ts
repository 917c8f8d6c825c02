/** Why a handler could not do what was asked; the gateway sees it as the gRPC status of the same name. */
export type DriverErrorCode =
  | 'invalid-argument'
  | 'failed-precondition'
  | 'not-found'
  | 'already-exists'
  | 'resource-exhausted'
  | 'permission-denied'
  | 'aborted'
  | 'unavailable'
  | 'deadline-exceeded'
  | 'unimplemented'
  | 'internal'

/** The fields of a `DriverError`. */
export interface DriverErrorFields {
  /** The gRPC status. In `create`, only `failed-precondition` carries its text to the client unchanged. */
  readonly code: DriverErrorCode
  /** What is wrong and what to change, for the sandbox's user. It is shown as it is, so it must hold no secret. */
  readonly message: string
  /** What led to it. It is logged, never sent. */
  readonly cause?: unknown
}

const brand = Symbol.for('openshell-ts.driver-kit.DriverError')

/**
 * An error whose text is meant for the sandbox's user. Handlers throw it; any other error is logged, and the user reads
 * only that the driver failed.
 */
export class DriverError extends Error {
  override readonly name: string = 'DriverError'
  /** The gRPC status that the gateway sees. */
  readonly code: DriverErrorCode

  constructor({ code, message, cause }: DriverErrorFields) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    Object.defineProperty(this, brand, { value: true })
  }

  /** True for a `DriverError` of any copy of this package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && Reflect.get(value, brand) === true
  }
}
