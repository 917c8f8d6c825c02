import { type Logger, pino } from 'pino'
import { secretFieldNames } from '../secrets/secret-fields.js'

/** Fields that hold secrets beside those that the contract marks; a handler that logs a whole request must not leak them. */
const ownSecretFields = ['token', 'authorization']

/** What stands on every line of a driver's log, and which lines there are. */
export interface ProcessLoggerOptions {
  readonly driver: string
  /** The gateway that the driver serves; left out of the log when it is not known. */
  readonly gateway: string | undefined
  /** One of pino's levels, or `silent`. */
  readonly level: string
}

/** The logger of a driver's process: one line of JSON an entry, on stderr. */
export function createProcessLogger({ driver, gateway, level }: ProcessLoggerOptions): Logger {
  const secretFields = [...ownSecretFields, ...secretFieldNames()]
  const paths = secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`])
  return pino(
    {
      level,
      base: { driver, ...(gateway === undefined ? {} : { gateway }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths, censor: '[secret]' },
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 2, sync: true }),
  )
}
