import { packageFile } from '../package-file.js'
import { readTemplate } from './read-template.js'
import type { StepResult } from './step-runner.js'
import type { Story } from './story.js'
import type { StepOutput } from './story-output.js'

/**
 * Creates a sandbox from a template whose driver is mistyped. No gateway finds fault with that: the driver gets no block and
 * works with its defaults. Only the client sees what was written, so only the client can warn.
 */
export async function tryMistypedDriver({ client, created }: Story, output: StepOutput): Promise<StepResult<void>> {
  const template = await readTemplate(packageFile('@openshell-ts/examples', 'templates/mistyped-driver.yaml'))
  const name = created.nextName()
  const { warnings } = await client.sandboxes.create({ ...template, name }, { waitReady: false, keep: true })
  for (const { message } of warnings) output.say(`warning: ${message}`)
  await created.delete(name)
  output.say(`sandbox ${name} came up with the defaults; it is deleted again`)
  const facts = warnings.map(({ type, message, ...rest }) => ({
    type,
    message,
    ...('suggestion' in rest ? { suggestion: rest.suggestion } : {}),
  }))
  return { facts: { name, warnings: facts }, result: undefined }
}
