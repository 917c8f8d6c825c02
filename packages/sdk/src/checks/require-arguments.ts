import { OpenShellError } from '../errors/openshell-error.js'
import { violation } from './check-text.js'
import { name, type OptionShape } from './option-shapes.js'

/** Throws kind `invalid-argument` for arguments that cannot be meant, whatever `clientChecks` says. No value is echoed. */
export function requireArguments(
  call: string,
  given: Readonly<Record<string, readonly [value: unknown, shape: OptionShape]>>,
): void {
  const violations = Object.entries(given)
    .filter(([, [value, shape]]) => !shape.fits(value))
    .map(([field, [value, shape]]) =>
      violation(field, value === '' ? 'REQUIRED' : 'TYPE_MISMATCH', `must ${shape.must}`),
    )
  if (violations.length === 0) return
  throw new OpenShellError({
    kind: 'invalid-argument',
    message: `${call}: ${violations.map(({ field, description }) => `${field} ${description}`).join('; ')}.`,
    hint: 'Nothing was sent.',
    violations,
  })
}

/** The same for names, which are texts that are not empty. */
export function requireNames(call: string, names: Readonly<Record<string, unknown>>): void {
  requireArguments(call, Object.fromEntries(Object.entries(names).map(([field, value]) => [field, [value, name]])))
}
