import { parseArgs } from 'node:util'
import { runStoryCommand } from '../client/story-command.js'
import { listenForExitSignals } from '../exit-signals.js'
import { ignoreClosedPipe } from '../ignore-closed-pipe.js'
import { createDemoOutput } from './demo-output.js'
import { runDemo } from './run-demo.js'

const HELP = `The whole story of OpenShell, each part in a process of its own: a gateway, a driver, a client.

Usage
  npm run demo                           starts all three, tells the story, cleans up
  npm run demo -- --gateway URL          the client alone, with a gateway that runs already
  npm run demo -- --gateway URL --help   what the client alone understands
`

ignoreClosedPipe()
process.exitCode = await main(process.argv.slice(2))

async function main(argv: string[]): Promise<number> {
  if (argv.some((argument) => /^--gateway(=|$)/.test(argument))) return runStoryCommand(argv)
  try {
    const { values } = parseArgs({ args: argv, options: { help: { type: 'boolean', short: 'h' } } })
    if (values.help) {
      process.stdout.write(HELP)
      return 0
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${HELP}`)
    return 2
  }
  const exitSignals = listenForExitSignals()
  const code = await runDemo({ output: createDemoOutput(process.stdout), signal: exitSignals.signal })
  return exitSignals.exitCode() ?? code
}
