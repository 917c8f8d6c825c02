import { type Logger, pino } from 'pino'
import { secretFieldNames } from '../contract/secret-fields.js'
import { CommandLineError } from './command-line-error.js'

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/** Fields that hold secrets beside those that the contract marks; a handler that logs a whole request must not leak them. */
const ownSecretFields = ['token', 'authorization']

/**
 * The logger of a driver's process: one line of JSON an entry, on stderr.
 *
 * @throws CommandLineError when the level is not one of pino's.
 */
export function createProcessLogger(driver: string, level: string): Logger {
  if (!levels.includes(level)) {
    throw new CommandLineError(`The log level must be one of ${levels.join(', ')}; got "${level}".`)
  }
  const secretFields = [...ownSecretFields, ...secretFieldNames()]
  const paths = secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`])
  return pino(
    {
      level,
      base: { driver },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths, censor: '[secret]' },
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 2, sync: true }),
  )
}
