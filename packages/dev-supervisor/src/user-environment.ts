import { SupervisorError } from './supervisor-error.js'

const VARIABLE = 'OPENSHELL_USER_ENVIRONMENT'

/**
 * Reads the text of `OPENSHELL_USER_ENVIRONMENT`, a JSON object of strings.
 *
 * @throws SupervisorError of kind `configuration`, which names keys and never values.
 */
export function parseUserEnvironment(text: string): Readonly<Record<string, string>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, which may hold secrets.
    throw malformed('it is not valid JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('it must be a JSON object')
  for (const [key, entry] of Object.entries(value)) checkVariable(key, entry)
  return value as Record<string, string>
}

function checkVariable(key: string, value: unknown): void {
  const name = JSON.stringify(key)
  if (key === '' || key.includes('=') || key.includes('\0')) throw malformed(`${name} is no name of a variable`)
  if (typeof value !== 'string') throw malformed(`the value of ${name} must be a string`)
  if (value.includes('\0')) throw malformed(`the value of ${name} contains a NUL character`)
}

function malformed(problem: string): SupervisorError {
  return new SupervisorError({
    kind: 'configuration',
    message: `${VARIABLE}: ${problem}. Set it to an object such as {"NAME":"value"}, or leave it out.`,
  })
}
