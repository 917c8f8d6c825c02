import { ConfigError } from '../issue/config-error.js'

/** Thrown for an envelope that cannot be sent as it is. */
export class EnvelopeError extends ConfigError {
  static override readonly brand: symbol = Symbol.for('openshell-ts.driver-config.EnvelopeError')
  override readonly name = 'EnvelopeError'
  /** The place in the envelope, for people. */
  readonly path: string

  constructor(path: string, problem: string) {
    super({ kind: 'invalid-envelope', message: `${path}: ${problem}` })
    this.path = path
  }
}
