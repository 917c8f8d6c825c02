import { runFidelityCommand } from './fidelity-command.js'

// A reader of the report that goes away, as head does, is no failure.
process.stdout.on('error', () => {})
runFidelityCommand(process.argv.slice(2), (text) => process.stdout.write(text)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  },
)
