import {
  type DriverConfigProblem,
  type DriverConfigRefusal,
  DriverConfigRejectedError,
} from '../driver-config-rejected-error.js'
import type { OpenShellError, Violation } from '../errors.js'
import { restateError, textOf } from '../restate-error.js'

/**
 * Tells a refusal of `driver_config` from the other errors of a create. The code comes first, then the place of the
 * violations, and the text last, because texts change.
 */
export function classifyRefusal(error: OpenShellError): OpenShellError {
  if (error.code !== 'INVALID_ARGUMENT' && error.code !== 'FAILED_PRECONDITION') return error
  const text = textOf(error)
  if (error.code === 'FAILED_PRECONDITION' && isDisabled(text)) {
    const hint = 'The operator allows it with allow_driver_config = true in [openshell.drivers.<name>] of the gateway.'
    return restateError(error, { kind: 'driver-config-disabled', hint })
  }
  const issues = error.violations.filter(isAboutDriverConfig).map(toProblem)
  const refusal = refusalOf(error.code, text, issues)
  if (refusal === undefined) return error
  return new DriverConfigRejectedError({ ...error, message: text, refusal, issues, cause: error.cause })
}

function isDisabled(text: string): boolean {
  return text.includes('caller driver config is disabled') || text.includes('allow_driver_config')
}

function isAboutDriverConfig({ field }: Violation): boolean {
  return /^(spec\.)?(template\.)?driver_config\b/.test(field)
}

function toProblem({ field, description, reason = '' }: Violation): DriverConfigProblem {
  return { code: reason, path: field, message: description }
}

function refusalOf(
  code: string,
  text: string,
  issues: readonly DriverConfigProblem[],
): DriverConfigRefusal | undefined {
  if (code === 'FAILED_PRECONDITION') {
    if (/\benable_\w+ = true\b/.test(text)) return 'gate'
    if (/sandbox-attachable|resource admission/.test(text)) return 'admission'
  }
  if (issues.length === 0 && !/\bdriver[_ ]config\b/.test(text)) return undefined
  const rulesOnly = issues.length > 0 && issues.every((issue) => issue.code === 'RULE_FAILED')
  return code === 'FAILED_PRECONDITION' || rulesOnly ? 'rule' : 'schema'
}
