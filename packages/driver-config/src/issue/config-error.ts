const brand = Symbol.for('openshell-ts.driver-config.ConfigError')

/** Closed set of what can go wrong in this package, to branch on. */
export type ConfigErrorKind =
  | 'invalid-config'
  | 'invalid-definition'
  | 'invalid-envelope'
  | 'invalid-bundle'
  | 'invalid-lock'
  /** A caller asks for a version that the config does not have. */
  | 'unknown-version'
  /** A caller asks for a JSON Schema of a kind that there is not. */
  | 'unknown-target'

/** What every error of this package is made of. */
export interface ConfigErrorFields {
  readonly kind: ConfigErrorKind
  readonly message: string
  /** What to change. */
  readonly hint?: string
  readonly cause?: unknown
}

/** Base of every error that this package throws. */
export class ConfigError extends Error {
  static readonly brand: symbol = brand
  override readonly name: string = 'ConfigError'
  /** What went wrong, to branch on. */
  readonly kind: ConfigErrorKind
  /** What to change, when there is more to say than the message says. */
  readonly hint?: string

  constructor({ kind, message, hint, cause }: ConfigErrorFields) {
    super(`[${kind}] ${message}`, cause === undefined ? undefined : { cause })
    this.kind = kind
    if (hint !== undefined) this.hint = hint
    for (const mark of [brand, new.target.brand]) Object.defineProperty(this, mark, { value: true })
  }

  /** True for errors of this class from any copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore-start lint/complexity/noThisInStatic: subclasses inherit this method, and each asks for its own brand.
    if (!Object.hasOwn(this, 'brand')) return Function.prototype[Symbol.hasInstance].call(this, value)
    return typeof value === 'object' && value !== null && Reflect.get(value, this.brand) === true
    // biome-ignore-end lint/complexity/noThisInStatic: see above.
  }
}
