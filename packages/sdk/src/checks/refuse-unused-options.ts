import { OpenShellError } from '../errors/openshell-error.js'
import { violation } from './check-text.js'

/** Throws kind `configuration` for options that would do nothing, because what they belong to is not asked for. */
export function refuseUnusedOptions(call: string, options: object, names: readonly string[], needs: string): void {
  const description = `has no effect without ${needs}`
  const given = names.filter((name) => Reflect.get(options, name) !== undefined)
  if (given.length === 0) return
  throw new OpenShellError({
    kind: 'configuration',
    message: `${call}: ${given.map((name) => `option ${name} ${description}`).join('; ')}.`,
    violations: given.map((name) => violation(name, 'CONFLICT', description)),
  })
}
