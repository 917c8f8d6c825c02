import { parseArgs } from 'node:util'

const WRONG_COMMAND_LINE = 2

/**
 * Reads the options of a tool, as `parseArgs` has them. With `--help` the process prints the text and ends with code 0; with an option
 * or a word that it does not know it says so and ends with code 2.
 */
export function readOptions(options, help) {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } })
    if (!values.help) return values
    process.stdout.write(help)
    process.exit(0)
  } catch (error) {
    return refuse(error instanceof Error ? error.message.split(/\.\s/)[0] : String(error))
  }
}

/** Ends the process because its command line is wrong. */
export function refuse(problem) {
  process.stderr.write(`${problem}. See --help.\n`)
  process.exit(WRONG_COMMAND_LINE)
}
