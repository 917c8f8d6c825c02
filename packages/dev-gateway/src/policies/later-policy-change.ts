import type { L7RuleTarget, PolicyMergeOperation } from '@openshell-ts/protocol/v0-1'
import { invalidArgument } from '../errors/status-error.js'
import { fromLaterRule } from '../wire/policy-words.js'
import {
  checkedChanges,
  checkPermissions,
  type EndpointTarget,
  type PolicyChange,
  parseChange,
} from './policy-change.js'

/**
 * Reads the operations of a request of line 0.1, which say more exactly which endpoint they mean.
 *
 * @throws StatusError INVALID_ARGUMENT that names the first operation that is incomplete or can never have an effect.
 */
export function parseLaterChanges(operations: readonly PolicyMergeOperation[]): PolicyChange[] {
  return checkedChanges(
    operations.flatMap(({ operation }, index) => parseOperation(operation, `merge_operations[${index}]`)),
  )
}

function parseOperation(operation: PolicyMergeOperation['operation'], where: string): PolicyChange[] {
  switch (operation.case) {
    case 'addDenyRules': {
      const { target, denyRules } = operation.value
      const targets = readTarget(target)
      if (targets.length > 0 && denyRules.length > 0) {
        return targets.map((one) => ({ ...one, type: 'add-denials', denyRules }))
      }
      throw invalidArgument(
        `${where}.add_deny_rules requires target.host, non-zero target.ports, and at least one deny rule`,
      )
    }
    case 'addAllowRules': {
      const { target, rules } = operation.value
      const targets = readTarget(target)
      if (targets.length === 0 || rules.length === 0) {
        throw invalidArgument(
          `${where}.add_allow_rules requires target.host, non-zero target.ports, and at least one allow rule`,
        )
      }
      checkPermissions(rules, where)
      return targets.map((one) => ({ ...one, type: 'add-permissions', rules }))
    }
    case 'addRule': {
      const { rule, ...fields } = operation.value
      const value = { ...fields, ...(rule && { rule: fromLaterRule(rule) }) }
      return [parseChange({ case: 'addRule', value }, where)]
    }
    default:
      return [parseChange(operation, where)]
  }
}

// One target for each port; none when the request does not say enough.
function readTarget(target: L7RuleTarget | undefined): EndpointTarget[] {
  const host = target?.host.trim() ?? ''
  if (!target || host === '' || target.ports.includes(0)) return []
  const { path, anyBinary, binaries } = target
  const ruleName = target.ruleName.trim()
  const programs = anyBinary ? 'any' : binaries.map((binary) => binary.path)
  return target.ports.map((port) => ({
    host,
    port,
    path,
    ...(ruleName !== '' && { ruleName }),
    ...(programs.length > 0 && { binaries: programs }),
  }))
}
