import { SupervisorError } from './supervisor-error.js'

/** What the sandbox runs for as long as it lives. */
export interface MainProcessSpec {
  /** Program and arguments; no shell is involved. Neither the list nor its first element may be empty. */
  readonly command: readonly [string, ...string[]]
  /** Whether it runs on a pseudo-terminal of 80 columns and 24 rows. */
  readonly tty: boolean
}

/** What runs when nothing is said: a login shell on a terminal. */
export const defaultMainProcess: MainProcessSpec = { command: ['/bin/bash', '-l'], tty: true }

const VARIABLE = 'OPENSHELL_MAIN_PROCESS_SPEC'
const ENCODED = 'base64url:'

/**
 * Reads the text of `OPENSHELL_MAIN_PROCESS_SPEC`: JSON `{"version":1,"command":[…],"tty":bool}`, or `base64url:` and the
 * unpadded base64url of that JSON. An absent `tty` means false, other members are ignored.
 *
 * @throws SupervisorError of kind `configuration`, without any part of the text.
 */
export function parseMainProcessSpec(text: string): MainProcessSpec {
  const spec = parseJsonObject(text.startsWith(ENCODED) ? decode(text.slice(ENCODED.length)) : text)
  if (spec['version'] !== 1) throw malformed('"version" must be 1')
  const command: unknown = spec['command']
  if (!Array.isArray(command) || !command.every((part) => typeof part === 'string')) {
    throw malformed('"command" must be a list of strings')
  }
  const [program, ...parameters] = command as string[]
  if (!program) throw malformed('"command" must start with the program to run')
  if (command.some((part) => part.includes('\0'))) throw malformed('"command" must not contain NUL characters')
  const tty: unknown = spec['tty'] ?? false
  if (typeof tty !== 'boolean') throw malformed('"tty" must be true or false')
  return { command: [program, ...parameters], tty }
}

function decode(text: string): string {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw malformed(`what follows "${ENCODED}" must be unpadded base64url`)
  return Buffer.from(text, 'base64url').toString('utf8')
}

function parseJsonObject(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, which may hold secrets.
    throw malformed('it is not valid JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('it must be a JSON object')
  return value as Record<string, unknown>
}

function malformed(problem: string): SupervisorError {
  return new SupervisorError({
    kind: 'configuration',
    message: `${VARIABLE}: ${problem}. Set it to {"version":1,"command":["program","argument"],"tty":false}, or leave it out for a login shell.`,
  })
}
