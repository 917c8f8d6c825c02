import { ignoreClosedPipe } from '../ignore-closed-pipe.js'
import { runStoryCommand } from './story-command.js'

ignoreClosedPipe()
process.exitCode = await runStoryCommand(process.argv.slice(2))
