import type { PhaseRules } from '../phases/phases.js'
import type { ConfigurationState } from '../records/configuration-state.js'
import type { RowCondition, SandboxRow } from '../records/sandbox-row.js'

/**
 * Whether a supervisor's session may make a sandbox Ready. On line 0.1 its supervisor has to accept the configuration first; a
 * driver whose word alone means Ready has no supervisor that could.
 */
export function isConfigured({ launch }: Pick<SandboxRow, 'launch'>, rules: PhaseRules): boolean {
  if (rules.line === '0.0' || rules.driverReportsReadiness) return true
  return launch?.configuration?.activated === true
}

/** Conditions with the one about the configuration, which is the last one. Nothing changes before a supervisor came. */
export function withConfiguration(
  conditions: readonly RowCondition[],
  state: ConfigurationState | undefined,
): readonly RowCondition[] {
  if (!state) return conditions
  return [...conditions.filter((condition) => condition.type !== type), describe(state)]
}

const type = 'ConfigurationReady'

function describe({ admission, admitted }: ConfigurationState): RowCondition {
  if (admitted) return condition('True', 'ConfigurationAccepted', 'Effective configuration accepted')
  if (admission.state === 'rejected') return condition('False', 'ConfigurationInvalid', admission.error)
  return condition('False', 'ConfigurationPending', 'Waiting for the sandbox to accept the effective configuration')
}

function condition(status: 'True' | 'False', reason: string, message: string): RowCondition {
  return { type, status, reason, message, lastTransitionTime: '' }
}
