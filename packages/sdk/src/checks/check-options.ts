import { OpenShellError, type Violation } from '../errors/openshell-error.js'
import { PROCESS_SIGNALS } from '../model/process-signal.js'
import { violation } from './check-text.js'
import {
  abort,
  amount,
  count,
  flag,
  identifier,
  input,
  limit,
  listener,
  mode,
  type OptionShape,
  objects,
  oneOf,
  record,
  size,
  text,
  texts,
  time,
} from './option-shapes.js'
import { refuseUnknownOptions } from './refuse-unknown-options.js'

/** What an option of a name holds, wherever it is taken. */
const SHAPES: Readonly<Record<string, OptionShape>> = {
  signal: abort,
  requestId: identifier,
  timeoutMs: limit,
  idleTimeoutMs: limit,
  requestTimeoutMs: limit,
  maxOutputBytes: amount,
  pageSize: size,
  lines: count,
  version: count,
  mode,
  eventTail: count,
  logTailLines: count,
  since: time,
  logSince: time,
  labelSelector: text,
  minimumLevel: text,
  minimumLogLevel: text,
  cwd: text,
  reason: text,
  targetHost: text,
  localHost: text,
  sources: texts,
  logSources: texts,
  checkers: objects,
  environment: record,
  annotations: record,
  labels: record,
  stdin: input,
  waitReady: flag,
  keep: flag,
  wait: flag,
  check: flag,
  tty: flag,
  status: flag,
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
  includeSecurityFlagged: flag,
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

/**
 * Throws kind `configuration` for options that do not exist or cannot be meant; gives them back. No value is echoed. `own` says what
 * options hold that mean something else in this call.
 */
export function checkOptions<T extends object>(
  call: string,
  options: T,
  known: readonly string[],
  own: Readonly<Record<string, OptionShape>> = {},
): T {
  refuseUnknownOptions(call, options, known)
  const violations = Object.entries(options).flatMap(([name, value]) => {
    const shape = own[name] ?? SHAPES[name]
    return value === undefined || !shape || shape.fits(value) ? [] : [toViolation(name, value, shape)]
  })
  if (violations.length > 0) throw toError(call, violations)
  return options
}

function toViolation(name: string, value: unknown, { must }: OptionShape): Violation {
  return violation(name, typeof value === 'number' ? 'OUT_OF_RANGE' : 'TYPE_MISMATCH', `must ${must}`)
}

function toError(call: string, violations: readonly Violation[]): OpenShellError {
  return new OpenShellError({
    kind: 'configuration',
    message: `${call}: ${violations.map(({ field, description }) => `option ${field} ${description}`).join('; ')}.`,
    violations,
  })
}
