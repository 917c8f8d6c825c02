/** What the kit and a driver's handlers log with. A pino logger is one. */
export interface DriverLogger {
  debug(fields: object, message?: string): void
  info(fields: object, message?: string): void
  warn(fields: object, message?: string): void
  error(fields: object, message?: string): void
}

/** A logger that keeps nothing; what `serveDriver` uses when it is given none. */
export const silentLogger: DriverLogger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
}

/** A logger that adds the same fields to every line. */
export function withFields(logger: DriverLogger, fields: object): DriverLogger {
  return {
    debug: (more, message) => logger.debug({ ...fields, ...more }, message),
    info: (more, message) => logger.info({ ...fields, ...more }, message),
    warn: (more, message) => logger.warn({ ...fields, ...more }, message),
    error: (more, message) => logger.error({ ...fields, ...more }, message),
  }
}
