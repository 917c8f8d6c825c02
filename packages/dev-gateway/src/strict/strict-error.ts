import type { StrictProblem } from './strict-problem.js'

/** A test did with its gateway what it did not mean to, or left something undone. */
export class StrictError extends Error {
  override readonly name = 'StrictError'
  /** Everything that was found, at least one. */
  readonly problems: readonly StrictProblem[]

  constructor(problems: readonly StrictProblem[], options?: ErrorOptions) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`
    super(`The gateway is not clean, ${count}:${problems.map(({ message }) => `\n- ${message}`).join('')}`, options)
    this.problems = problems
  }
}
