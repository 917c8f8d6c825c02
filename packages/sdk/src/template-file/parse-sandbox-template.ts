import type { SandboxTemplate } from '../model/template.js'
import { readJson } from './read-json.js'
import { readYaml } from './read-yaml.js'
import { TemplateFileError } from './template-file-error.js'
import { TemplateReader } from './template-reader.js'

const MAX_CHARACTERS = 1_048_576

/** What is known about a template's text. */
export interface ParseTemplateOptions {
  /** Name of the file, for messages. A name that ends with `.json` is read as JSON, every other one as YAML. */
  readonly fileName: string
}

/**
 * Reads a template from JSON or YAML. The keys of the file are those of the wire: `image`, `command`, `tty`, `environment`,
 * `labels`, `annotations`, `resources`, `gpu`, `driver_config`. Blocks of `driver_config` are taken as they are: their drivers
 * judge them. Throws `TemplateFileError` with every problem, its line and its column.
 */
export function parseSandboxTemplate(text: string, { fileName }: ParseTemplateOptions): SandboxTemplate {
  const fail = (line: number, column: number, message: string) =>
    new TemplateFileError(fileName, [{ line, column, path: '', message }])
  if (text.length > MAX_CHARACTERS) throw fail(1, 1, `the file is longer than ${MAX_CHARACTERS} characters`)
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text
  const { root, problems } = fileName.toLowerCase().endsWith('.json') ? readJson(content) : readYaml(content)
  if (problems.length > 0) throw new TemplateFileError(fileName, problems)
  if (!root) throw fail(1, 1, 'the file is empty; a template is a map with keys such as image and driver_config')
  const reader = new TemplateReader()
  const template = reader.readTemplate(root)
  if (reader.problems.length > 0) throw new TemplateFileError(fileName, reader.problems)
  return template
}
