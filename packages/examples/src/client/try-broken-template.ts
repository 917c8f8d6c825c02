import { type ConfigIssue, describeIssue } from '@openshell-ts/driver-config/envelope'
import { type DriverConfigProblem, DriverConfigRejectedError, type SandboxTemplate } from '@openshell-ts/sdk'
import { packageFile } from '../package-file.js'
import { lintTemplate } from './lint-template.js'
import { readTemplate } from './read-template.js'
import type { StepResult } from './step-runner.js'
import { type Story, StoryError } from './story.js'
import type { StepFacts, StepOutput } from './story-output.js'

/**
 * Shows every problem of a block twice: as the client finds it before sending, and as the driver reports it when the client
 * sends the block all the same. The driver is the authority; the lint is advice that comes earlier.
 */
export async function tryBrokenTemplate(story: Story, output: StepOutput): Promise<StepResult<void>> {
  const template = await readTemplate(packageFile('@openshell-ts/examples', 'templates/broken.yaml'))
  const issues = lintTemplate(template).flatMap((block) => block.issues)
  output.say(`the client finds ${issues.length} problems before it sends anything:`)
  for (const issue of issues) output.quote(describeIssue(issue))
  if (story.activeDriver !== 'local-process') {
    output.say('not sent: only the driver local-process would read this block')
    return { facts: { lint: issues.map(issueFacts), refusal: null }, result: undefined }
  }
  const problems = await sendAllTheSame(story, template)
  output.say(`sent all the same, the driver refuses it with ${problems.length} problems:`)
  for (const { message } of problems) output.quote(message)
  return {
    facts: { lint: issues.map(issueFacts), refusal: problems.map((problem) => ({ ...problem })) },
    result: undefined,
  }
}

async function sendAllTheSame(
  { client, created }: Story,
  template: SandboxTemplate,
): Promise<readonly DriverConfigProblem[]> {
  const name = created.nextName()
  try {
    await client.sandboxes.create({ ...template, name }, { waitReady: false, keep: true })
  } catch (error) {
    if (error instanceof DriverConfigRejectedError) return error.issues
    throw error
  }
  throw new StoryError('The driver took a block that is broken on purpose. Is it really local-process?')
}

function issueFacts({ code, path, message, fix }: ConfigIssue): StepFacts {
  return { code, path, message, ...(fix === undefined ? {} : { fix }) }
}
