import { type FormatName, formatOf } from '../schema/formats.js'

const compiled = new Map<string, RegExp>()

/** True when a text matches a declared pattern, read with the `u` flag. */
export function matchesPattern(pattern: string, text: string): boolean {
  return expressionOf(pattern).test(text)
}

/** True when a text has a format of the closed list. */
export function matchesFormat(name: FormatName, text: string): boolean {
  const { pattern, refused } = formatOf(name)
  return expressionOf(pattern).test(text) && (refused === undefined || !expressionOf(refused).test(text))
}

// Patterns come from schemas only, so the map stays as small as the schemas of the process.
function expressionOf(pattern: string): RegExp {
  const known = compiled.get(pattern)
  if (known !== undefined) return known
  const expression = new RegExp(pattern, 'u')
  compiled.set(pattern, expression)
  return expression
}
