import { OpenShellError } from '../errors/openshell-error.js'
import { violation } from './check-text.js'

/** What options need that do nothing by themselves. */
export interface UnusedOptionsRule {
  /** What has to be asked for, as a caller writes it: `logs: true`. */
  readonly needs: string
  /** Where they belong otherwise; absent when they have no other place. */
  readonly hint?: string
}

/** Throws kind `configuration` for options that would do nothing, because what they belong to is not asked for. */
export function refuseUnusedOptions(
  call: string,
  options: object,
  names: readonly string[],
  { needs, hint }: UnusedOptionsRule,
): void {
  const description = `has no effect without ${needs}`
  const given = names.filter((name) => Reflect.get(options, name) !== undefined)
  if (given.length === 0) return
  throw new OpenShellError({
    kind: 'configuration',
    message: `${call}: ${given.map((name) => `option ${name} ${description}`).join('; ')}.`,
    hint,
    violations: given.map((name) => violation(name, 'CONFLICT', description)),
  })
}
