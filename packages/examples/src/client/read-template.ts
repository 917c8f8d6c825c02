import { readFile } from 'node:fs/promises'
import type { SandboxTemplate } from '@openshell-ts/sdk'
import { parseSandboxTemplate } from '@openshell-ts/sdk/template-file'
import { describeVerdict, lintTemplate } from './lint-template.js'
import type { StepResult } from './step-runner.js'
import { StoryError } from './story.js'
import type { StepOutput } from './story-output.js'

/**
 * Reads a template file, YAML or JSON.
 *
 * @throws StoryError when the file cannot be read, and TemplateFileError, with lines and columns, when it is no template.
 */
export async function readTemplate(path: string): Promise<SandboxTemplate> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${error.code})`
    throw new StoryError(`${path}: ${reason}. Name another file with --template.`)
  })
  return parseSandboxTemplate(text, { fileName: path })
}

/** Reads the template of the story and tells what can be said of its blocks before anything is sent. */
export async function readAndLintTemplate(path: string, output: StepOutput): Promise<StepResult<SandboxTemplate>> {
  const template = await readTemplate(path)
  const blocks = lintTemplate(template)
  const width = Math.max(...blocks.map(({ driverName }) => driverName.length))
  for (const block of blocks) output.say(`${block.driverName.padEnd(width)}   ${describeVerdict(block)}`)
  const verdicts = blocks.map(({ driverName, verdict }) => [driverName, verdict] as const)
  return { facts: { template: path, verdicts: Object.fromEntries(verdicts) }, result: template }
}
