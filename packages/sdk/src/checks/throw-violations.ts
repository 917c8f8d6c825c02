import { OpenShellError, type Violation } from '../errors/openshell-error.js'

/** Throws one error that lists every violation; does nothing when there is none. */
export function throwViolations(rpc: string, violations: readonly Violation[], hint = 'Nothing was sent.'): void {
  if (violations.length === 0) return
  const lines = violations.map(({ field, description }) => `${field}: ${description}`)
  throw new OpenShellError({
    kind: 'invalid-argument',
    message: `${rpc}: ${lines.length === 1 ? lines[0] : `${lines.length} problems\n  ${lines.join('\n  ')}`}`,
    hint,
    rpc,
    violations,
  })
}
