import { relative } from 'node:path'
import { connectToGateway } from './connect-to-gateway.js'
import { createSandbox } from './create-sandbox.js'
import { CreatedSandboxes } from './created-sandboxes.js'
import { readAndLintTemplate } from './read-template.js'
import { runCommands } from './run-commands.js'
import { showReceivedConfig } from './show-received-config.js'
import { StepRunner } from './step-runner.js'
import type { Story } from './story.js'
import type { StoryOptions } from './story-options.js'
import type { StoryOutput } from './story-output.js'
import { tryBrokenTemplate } from './try-broken-template.js'
import { tryMistypedDriver } from './try-mistyped-driver.js'

/**
 * Tells the whole story of a sandbox, step by step. Whatever happens, the sandboxes that it created are deleted.
 *
 * @throws the error of the step that failed, or the reason of the signal that ended the story early.
 */
export async function runStory(options: StoryOptions, output: StoryOutput, signal: AbortSignal): Promise<void> {
  const steps = new StepRunner(output, signal)
  const template = await steps.run('template', `Read ${shortPath(options.template)}`, (step) =>
    readAndLintTemplate(options.template, step),
  )
  await using connection = await steps.run('gateway', `Connect to ${options.gateway}`, (step) =>
    connectToGateway(options, step, signal),
  )
  const { client, activeDriver } = connection
  await using created = new CreatedSandboxes(client, (line) => output.note(line))
  const story: Story = { client, activeDriver, created, signal }

  const name = created.nextName()
  const sandbox = await steps.run('create', `Create sandbox ${name}`, (step) =>
    createSandbox(story, { ...template, name }, step),
  )
  await steps.run('config', 'See what the driver received', (step) => showReceivedConfig(story, sandbox, step))
  await steps.run('commands', 'Run commands', (step) => runCommands(story, sandbox, step))
  await steps.run('problems', 'Create from a template with mistakes', (step) => tryBrokenTemplate(story, step))
  await steps.run('mistyped-driver', 'Create for a driver whose name is mistyped', (step) =>
    tryMistypedDriver(story, step),
  )
  await steps.run('delete', `Delete sandbox ${name}`, async () => {
    await created.delete(name)
    return { facts: { name }, result: undefined }
  })
  signal.throwIfAborted()
}

/** The path from here when the file lies below, else as it is. */
function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path)
  return fromHere.startsWith('..') ? path : fromHere
}
