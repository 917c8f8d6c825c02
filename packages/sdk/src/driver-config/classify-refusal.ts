import {
  type DriverConfigProblem,
  type DriverConfigRefusal,
  DriverConfigRejectedError,
} from '../errors/driver-config-rejected-error.js'
import type { OpenShellError, Violation } from '../errors/openshell-error.js'
import { restateError, textOf } from '../errors/restate-error.js'

// What to change, where the text and the issues do not say it.
const HINTS: Readonly<Partial<Record<DriverConfigRefusal, string>>> = {
  gate: "The operator decides on it: the message names the setting of the gateway's configuration.",
  admission:
    'The operator demands labels on what a sandbox attaches: by default openshell.ai/sandbox-attachable=true and openshell.ai/sandbox-attachable-workspace=<workspace>.',
}

/**
 * Tells a refusal of `driver_config` from the other errors of a create. The code comes first, then the place of the
 * violations, and the text last, because texts change. `activeDriver` is the driver's key, for hints.
 */
export function classifyRefusal(error: OpenShellError, activeDriver = '<name>'): OpenShellError {
  if (error.code !== 'INVALID_ARGUMENT' && error.code !== 'FAILED_PRECONDITION') return error
  const text = textOf(error)
  if (error.code === 'FAILED_PRECONDITION' && isDisabled(text)) {
    const hint = `The operator allows it with allow_driver_config = true in [openshell.drivers.${activeDriver}] of the gateway's configuration.`
    return restateError(error, { kind: 'driver-config-disabled', hint })
  }
  const issues = error.violations.filter(isAboutDriverConfig).map(toProblem)
  const refusal = refusalOf(error.code, text, issues)
  if (refusal === undefined) return error
  const hint = HINTS[refusal] ?? error.hint
  return new DriverConfigRejectedError({ ...error, message: text, hint, refusal, issues, cause: error.cause })
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
