const brand = Symbol.for('openshell-ts.dev-supervisor.SupervisorError')

/**
 * What a `SupervisorError` is about: `configuration` = an option or an environment variable, `token` = the sandbox token,
 * `ssh-socket` = the Unix socket of the SSH server, `terminal` = this platform has no pseudo-terminal.
 */
export type SupervisorErrorKind = 'configuration' | 'token' | 'ssh-socket' | 'terminal'

/** What the constructor of `SupervisorError` takes. */
export interface SupervisorErrorFields {
  /** What the error is about. */
  readonly kind: SupervisorErrorKind
  /** A sentence: where, what, and what to change. Never holds a value that could be a secret. */
  readonly message: string
  /** The error that led to this one; none when absent. */
  readonly cause?: unknown
}

/** Base of every error that this package throws. */
export class SupervisorError extends Error {
  override readonly name: string = 'SupervisorError'
  /** What to branch on. */
  readonly kind: SupervisorErrorKind

  constructor({ kind, message, cause }: SupervisorErrorFields) {
    super(message, cause === undefined ? undefined : { cause })
    this.kind = kind
    Object.defineProperty(this, brand, { value: true })
  }

  /** True for errors of this class from any copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && Reflect.get(value, brand) === true
  }
}
