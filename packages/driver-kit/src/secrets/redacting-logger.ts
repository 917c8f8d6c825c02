import { type DriverLogger, silentLogger } from '../driver/driver-logger.js'
import { secretFieldNames } from './secret-fields.js'
import { hasSecrets, hideSecrets } from './secret-scope.js'

/** How deep logged objects are followed; what lies deeper is left out. */
const depthLimit = 8

/** A logger that hides the contract's secret fields by name, and the secrets of the call by value wherever they are. */
export function redactingLogger(logger: DriverLogger): DriverLogger {
  if (logger === silentLogger) return logger
  const names = new Set(secretFieldNames())
  const line = (write: (fields: object, message?: string) => void) => (fields: object, message?: string) => {
    const hidden = hasSecrets() ? (redact(fields, names, depthLimit) as object) : fields
    if (message === undefined) write(hidden)
    else write(hidden, hideSecrets(message))
  }
  return {
    debug: line((fields, message) => logger.debug(fields, message)),
    info: line((fields, message) => logger.info(fields, message)),
    warn: line((fields, message) => logger.warn(fields, message)),
    error: line((fields, message) => logger.error(fields, message)),
  }
}

function redact(value: unknown, names: ReadonlySet<string>, depth: number): unknown {
  if (typeof value === 'string') return hideSecrets(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return `[${value.length} bytes]`
  if (depth === 0) return '[too deep]'
  if (Array.isArray(value)) return value.map((item) => redact(item, names, depth - 1))
  const entries = Object.entries(value).map(([name, item]) => [
    hideSecrets(name),
    names.has(name) ? '[secret]' : redact(item, names, depth - 1),
  ])
  return Object.fromEntries([...errorEntries(value, names, depth), ...entries])
}

/** What an error holds apart from its own enumerable fields. */
function errorEntries(value: object, names: ReadonlySet<string>, depth: number): [string, unknown][] {
  if (!(value instanceof Error)) return []
  const { name, message, stack = '', cause } = value
  const texts: [string, unknown][] = [
    ['type', name],
    ['message', hideSecrets(message)],
    ['stack', hideSecrets(stack)],
  ]
  return cause === undefined ? texts : [...texts, ['cause', redact(cause, names, depth - 1)]]
}
