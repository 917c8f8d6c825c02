import type { ConfigIssues } from './check-result.js'
import { ConfigError } from './config-error.js'
import { formatIssues } from './format-issues.js'

/** Thrown by `parse`: the block is refused. The message lists every problem; no value of the block is in it. */
export class DriverConfigError extends ConfigError {
  static override readonly brand: symbol = Symbol.for('openshell-ts.driver-config.DriverConfigError')
  override readonly name = 'DriverConfigError'
  /** Every problem, in document order. */
  readonly issues: ConfigIssues

  constructor(issues: ConfigIssues) {
    super({ kind: 'invalid-config', message: formatIssues(issues) })
    this.issues = issues
  }
}
