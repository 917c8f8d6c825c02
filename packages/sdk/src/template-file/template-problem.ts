/** One problem of a template file, with its place. */
export interface TemplateProblem {
  /** Line, from 1. */
  readonly line: number
  /** Column in UTF-16 units, from 1. */
  readonly column: number
  /** Place in the document, such as `environment.PATH`; empty for the document itself and for problems of syntax. */
  readonly path: string
  /** What is wrong and what to change; never a value of the file. */
  readonly message: string
}
