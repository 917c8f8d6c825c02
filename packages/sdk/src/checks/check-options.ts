import { OpenShellError, type Violation } from '../errors/openshell-error.js'
import { PROCESS_SIGNALS } from '../model/process-signal.js'
import { violation } from './check-text.js'
import { refuseUnknownOptions } from './refuse-unknown-options.js'

interface Shape {
  readonly must: string
  fits(value: unknown): boolean
}

const limit: Shape = { must: 'be a number from 0', fits: (value) => typeof value === 'number' && value >= 0 }
const count: Shape = {
  must: 'be a whole number from 0 to 4294967295',
  fits: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 4_294_967_295,
}
const size: Shape = { must: 'be a number from 1', fits: (value) => typeof value === 'number' && value >= 1 }
const flag: Shape = { must: 'be true or false', fits: (value) => typeof value === 'boolean' }
const text: Shape = { must: 'be a text', fits: (value) => typeof value === 'string' }
const listener: Shape = { must: 'be a function', fits: (value) => typeof value === 'function' }
const time: Shape = {
  must: 'be a Date that is a time',
  fits: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
}
const oneOf = (...words: readonly string[]): Shape => ({
  must: `be one of: ${words.join(', ')}`,
  fits: (value) => typeof value === 'string' && words.includes(value),
})
// One of another realm, as test environments have them, will do.
const abort: Shape = {
  must: 'be an AbortSignal',
  fits: (value) => typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value,
}

/** What an option of a name holds, wherever it is taken. */
const SHAPES: Readonly<Record<string, Shape>> = {
  signal: abort,
  timeoutMs: limit,
  idleTimeoutMs: limit,
  requestTimeoutMs: limit,
  maxOutputBytes: limit,
  pageSize: size,
  lines: count,
  eventTail: count,
  logTailLines: count,
  since: time,
  logSince: time,
  labelSelector: text,
  minimumLevel: text,
  minimumLogLevel: text,
  waitReady: flag,
  keep: flag,
  wait: flag,
  check: flag,
  events: flag,
  logs: flag,
  loginShell: flag,
  killable: flag,
  processSignal: oneOf(...PROCESS_SIGNALS),
  recursive: flag,
  createParents: flag,
  allowMissing: flag,
  allowOutside: flag,
  allowRemote: flag,
  format: oneOf('bytes', 'text', 'stream'),
  onBlockIssue: oneOf('warn', 'refuse'),
  onUnsafe: oneOf('fail', 'skip'),
  onUnreadable: oneOf('fail', 'skip'),
  onProgress: listener,
  onWarning: listener,
  onStdout: listener,
  onStderr: listener,
  onConnectionError: listener,
}

/** Throws kind `configuration` for options that do not exist or cannot be meant; gives them back. No value is echoed. */
export function checkOptions<T extends object>(call: string, options: T, known: readonly string[]): T {
  refuseUnknownOptions(call, options, known)
  const violations = Object.entries(options).flatMap(([name, value]) => {
    const shape = SHAPES[name]
    return value === undefined || !shape || shape.fits(value) ? [] : [toViolation(name, value, shape)]
  })
  if (violations.length > 0) throw toError(call, violations)
  return options
}

function toViolation(name: string, value: unknown, { must }: Shape): Violation {
  return violation(name, typeof value === 'number' ? 'OUT_OF_RANGE' : 'TYPE_MISMATCH', `must ${must}`)
}

function toError(call: string, violations: readonly Violation[]): OpenShellError {
  return new OpenShellError({
    kind: 'configuration',
    message: `${call}: ${violations.map(({ field, description }) => `option ${field} ${description}`).join('; ')}.`,
    violations,
  })
}
