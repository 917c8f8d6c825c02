// For applications that keep templates in files.
export { type ParseTemplateOptions, parseSandboxTemplate } from './template-file/parse-sandbox-template.js'
export { TemplateFileError } from './template-file/template-file-error.js'
export type { TemplateProblem } from './template-file/template-problem.js'
