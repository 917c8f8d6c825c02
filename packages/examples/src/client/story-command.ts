import { listenForExitSignals } from '../exit-signals.js'
import { UsageError } from '../usage-error.js'
import { explainFailure } from './explain-failure.js'
import { runStory } from './run-story.js'
import { parseStoryOptions, STORY_HELP } from './story-options.js'
import { createJsonOutput, createTextOutput } from './story-output.js'

/** Runs the client's command line; returns the exit code: 1 when the story failed, 2 when the command line is wrong. */
export async function runStoryCommand(argv: string[]): Promise<number> {
  let options: ReturnType<typeof parseStoryOptions>
  try {
    options = parseStoryOptions(argv)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`${error.message} See sandbox-story --help.\n`)
    return 2
  }
  if (options === undefined) {
    process.stdout.write(STORY_HELP)
    return 0
  }
  const { signal, exitCode } = listenForExitSignals()
  const output = options.json ? createJsonOutput(process.stdout) : createTextOutput(process.stdout, process.stderr)
  try {
    await runStory(options, output, signal)
    return 0
  } catch (error) {
    const interrupted = exitCode()
    if (interrupted === undefined) output.fail(explainFailure(error, options))
    else output.fail({ message: 'Interrupted.' })
    return interrupted ?? 1
  }
}
