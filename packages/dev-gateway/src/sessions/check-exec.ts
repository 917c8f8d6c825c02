import { checkEnvironmentCharacters } from '../checks/check-environment.js'
import { byteLength } from '../checks/check-text.js'
import { isEnvironmentKey } from '../checks/is-environment-key.js'
import { invalidArgument } from '../errors/status-error.js'
import type { ExecLineInput } from './exec-line.js'

const argumentCountLimit = 1_024
const textLimit = 32_768
const workdirLimit = 4_096
const lineLimit = 262_144

// The official Python client sends a pickled function in this one.
const allowedKeys = { allowed: new Set(['OPENSHELL_PYFUNC_B64']) }

/** Checks a command's fields in the gateway's order; the first problem is the answer. */
export function checkExec({ command, environment, workdir }: ExecLineInput): void {
  if (command.length === 0) throw invalidArgument('command is required')
  for (const key of Object.keys(environment)) {
    if (!isEnvironmentKey(key)) {
      throw invalidArgument('environment keys must match ^[A-Za-z_][A-Za-z0-9_]*$')
    }
  }
  checkArguments(command)
  for (const [key, value] of Object.entries(environment)) {
    if (byteLength(value) > textLimit) {
      throw invalidArgument(`environment value for '${key}' exceeds ${textLimit} byte limit`)
    }
  }
  checkEnvironmentCharacters('environment', environment, allowedKeys)
  checkWorkdir(workdir)
}

/** @throws StatusError when the assembled line is longer than a sandbox takes. */
export function checkExecLine(line: string): void {
  if (byteLength(line) > lineLimit) {
    throw invalidArgument(`command construction failed: assembled command string exceeds ${lineLimit} byte limit`)
  }
}

function checkArguments(command: readonly string[]): void {
  if (command.length > argumentCountLimit) {
    throw invalidArgument(`command array exceeds ${argumentCountLimit} argument limit`)
  }
  for (const [index, argument] of command.entries()) {
    if (byteLength(argument) > textLimit) {
      throw invalidArgument(`command argument ${index} exceeds ${textLimit} byte limit`)
    }
    if (argument.includes('\0')) throw invalidArgument(`command argument ${index} contains null bytes`)
  }
}

function checkWorkdir(workdir: string): void {
  if (byteLength(workdir) > workdirLimit) throw invalidArgument(`workdir exceeds ${workdirLimit} byte limit`)
  if (workdir.includes('\0')) throw invalidArgument('workdir contains null bytes')
  if (/[\r\n]/.test(workdir)) throw invalidArgument('workdir contains newline or carriage return characters')
}
