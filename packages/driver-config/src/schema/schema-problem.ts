/** A schema that the dialect does not have, before it is known whose schema it is. */
export class SchemaProblem extends Error {
  override readonly name = 'SchemaProblem'
  /** Where, as a pointer into the schema. */
  readonly pointer: string
  /** What is wrong. */
  readonly problem: string
  /** What to write. */
  readonly hint: string

  constructor(pointer: string, problem: string, hint: string) {
    super(`schema at "${pointer}": ${problem} ${hint}`)
    this.pointer = pointer
    this.problem = problem
    this.hint = hint
  }
}
