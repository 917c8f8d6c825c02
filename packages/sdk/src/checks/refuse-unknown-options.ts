import { suggestNames } from '@openshell-ts/driver-config/envelope'
import { OpenShellError, type Violation } from '../errors/openshell-error.js'

/** Refuses options that do not exist, with the nearest name that does: a mistyped option would be ignored silently. */
export function refuseUnknownOptions(call: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw noObject(call)
  const violations = unknownKeys(options, known)
  if (violations.length === 0) return
  throw new OpenShellError({
    kind: 'configuration',
    message: `${call}: ${violations.map(({ field, description }) => `"${field}": ${description}`).join('; ')}`,
    violations,
  })
}

/** A violation for each key that nothing reads, with the nearest that something does. `place` stands before each. */
export function unknownKeys(value: object, known: readonly string[], place = ''): Violation[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key): Violation => {
      const [nearest] = suggestNames(key, known)
      const advice = nearest === undefined ? `known options: ${known.join(', ')}` : `did you mean "${nearest}"?`
      return { field: `${place}${key}`, description: `unknown option; ${advice}`, reason: 'UNKNOWN_FIELD' }
    })
}

function noObject(call: string): OpenShellError {
  const description = 'must be an object'
  return new OpenShellError({
    kind: 'configuration',
    message: `${call}: what it is given ${description}.`,
    violations: [{ field: 'options', description, reason: 'TYPE_MISMATCH' }],
  })
}
