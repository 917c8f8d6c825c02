import { runStoryCommand } from './story-command.js'

process.exitCode = await runStoryCommand(process.argv.slice(2))
