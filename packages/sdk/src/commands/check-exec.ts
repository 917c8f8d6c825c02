import { checkEnvironment } from '../checks/check-environment.js'
import { byteLength, checkLength, violation } from '../checks/check-text.js'
import type { Violation } from '../errors/openshell-error.js'
import type { InteractiveRequest } from '../wire/exec-calls.js'

const MAX_ARGUMENTS = 1024
const MAX_ARGUMENT_BYTES = 32_768
const MAX_TERMINAL_SIZE = 65_535
const MAX_UINT32_SECONDS = 4_294_967_295

const ENVIRONMENT = {
  maxEntries: Number.POSITIVE_INFINITY,
  maxKeyBytes: Number.POSITIVE_INFINITY,
  maxValueBytes: MAX_ARGUMENT_BYTES,
  maxTotalBytes: Number.POSITIVE_INFINITY,
  // The official Python client sends a function under this name.
  allowedNames: ['OPENSHELL_PYFUNC_B64'],
}

/** Every problem of a command that the gateway would refuse. */
export function checkExec(request: Omit<InteractiveRequest, 'tty' | 'loginShell'>): Violation[] {
  const { command, cwd, environment, timeoutMs, cols, rows } = request
  return [
    ...(command.length === 0 ? [violation('command', 'REQUIRED', 'command is required')] : []),
    ...(command.length > MAX_ARGUMENTS
      ? [violation('command', 'TOO_MANY', `command array exceeds ${MAX_ARGUMENTS} argument limit`)]
      : []),
    ...command.flatMap((argument, index) => checkArgument(`command[${index}]`, argument)),
    ...checkLength('cwd', cwd, 4096),
    ...(/[\0\r\n]/.test(cwd) ? [violation('cwd', 'INVALID_CHARACTER', 'contains a null byte or a line break')] : []),
    ...checkEnvironment('environment', environment, ENVIRONMENT),
    ...checkTimeout(timeoutMs),
    ...checkSize('cols', cols),
    ...checkSize('rows', rows),
  ]
}

function checkArgument(field: string, argument: unknown): Violation[] {
  if (typeof argument !== 'string') return [violation(field, 'TYPE_MISMATCH', `must be a text, got ${typeof argument}`)]
  if (argument.includes('\0')) return [violation(field, 'INVALID_CHARACTER', 'contains null bytes')]
  return byteLength(argument) > MAX_ARGUMENT_BYTES
    ? [violation(field, 'TOO_LONG', `exceeds ${MAX_ARGUMENT_BYTES} byte limit`)]
    : []
}

function checkTimeout(timeoutMs: number): Violation[] {
  if (timeoutMs >= 0 && timeoutMs / 1000 <= MAX_UINT32_SECONDS) return []
  return [violation('timeoutMs', 'OUT_OF_RANGE', 'must be a number of milliseconds from 0')]
}

function checkSize(field: string, size: number): Violation[] {
  if (Number.isInteger(size) && size >= 0 && size <= MAX_TERMINAL_SIZE) return []
  return [violation(field, 'OUT_OF_RANGE', `must be a whole number from 1 to ${MAX_TERMINAL_SIZE}`)]
}
