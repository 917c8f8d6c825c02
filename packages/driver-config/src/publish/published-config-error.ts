import { ConfigError } from '../issue/config-error.js'
import type { BundleProblem } from './bundle-problem.js'

/** Thrown for a bundle that cannot be loaded, with everything that is wrong with it. */
export class PublishedConfigError extends ConfigError {
  static override readonly brand: symbol = Symbol.for('openshell-ts.driver-config.PublishedConfigError')
  override readonly name = 'PublishedConfigError'
  /** Every problem, the first one first in the bundle. */
  readonly problems: readonly [BundleProblem, ...BundleProblem[]]

  constructor(problems: readonly [BundleProblem, ...BundleProblem[]]) {
    const [first, ...others] = problems
    const more = others.length === 0 ? '' : ` (+${others.length} more)`
    super({ kind: 'invalid-bundle', message: `${first.message} ${first.fix}${more}`, hint: first.fix })
    this.problems = problems
  }
}
