import { type Logger, pino } from 'pino'

const LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/**
 * The log of the command: JSON lines on stderr. `level` is the text of `OPENSHELL_LOG_LEVEL`, in any case; empty or absent
 * means `info`, and so does a level that does not exist, with a line that says so.
 */
export function createLogger(level: string | undefined): Logger {
  const wanted = (level || 'info').trim().toLowerCase()
  const known = LEVELS.includes(wanted)
  const destination = pino.destination({ dest: 2, sync: true })
  // Whoever read the log may be gone; the sandbox lives on.
  destination.on('error', () => {})
  const logger = pino({ level: known ? wanted : 'info', base: null }, destination)
  if (!known) logger.warn(`OPENSHELL_LOG_LEVEL names no level; using info. Levels: ${LEVELS.join(', ')}.`)
  return logger
}
