import { OpenShellError } from '../errors/openshell-error.js'
import type { TemplateProblem } from './template-problem.js'

/** A template file cannot be used. It lists every problem, in the order of the file. */
export class TemplateFileError extends OpenShellError {
  static override readonly brand: symbol = Symbol.for('openshell-ts.sdk.TemplateFileError')
  override readonly name = 'TemplateFileError'
  /** The file as it was named by the caller. */
  readonly fileName: string
  /** Every problem, in the order of the file; at least one. */
  readonly problems: readonly TemplateProblem[]

  constructor(fileName: string, problems: readonly TemplateProblem[]) {
    const lines = problems.map(({ line, column, path, message }) => {
      return `${fileName}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`
    })
    super({
      kind: 'configuration',
      message: lines.length === 1 ? (lines[0] ?? '') : `${lines.length} problems\n  ${lines.join('\n  ')}`,
      violations: problems.map(({ path, message }) => ({ field: path, description: message })),
    })
    this.fileName = fileName
    this.problems = problems
  }
}
