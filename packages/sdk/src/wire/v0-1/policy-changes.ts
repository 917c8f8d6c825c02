import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  L7DenyRuleSchema,
  L7RuleSchema,
  type L7RuleTargetSchema,
  NetworkPolicyRuleSchema,
  type PolicyMergeOperationSchema,
} from '@openshell-ts/protocol/v0-1'
import type { EndpointTarget, PolicyChange } from '../../policies/policy-change.js'
import { changeRules } from '../policy-changes.js'

const rules = changeRules(
  { rule: NetworkPolicyRuleSchema, allow: L7RuleSchema, deny: L7DenyRuleSchema },
  'UpdateConfig',
)

/** Writes changes of a policy. */
export function toMergeOperations(
  changes: readonly PolicyChange[],
): MessageInitShape<typeof PolicyMergeOperationSchema>[] {
  return changes.map((change, index) => ({ operation: toOperation(change, index) }))
}

function toOperation(
  change: PolicyChange,
  index: number,
): NonNullable<MessageInitShape<typeof PolicyMergeOperationSchema>['operation']> {
  switch (change.type) {
    case 'add-rule':
      return { case: 'addRule', value: { ruleName: change.ruleName, rule: rules.rule(change, index) } }
    case 'remove-rule':
      return { case: 'removeRule', value: { ruleName: change.ruleName } }
    case 'remove-endpoint':
      return {
        case: 'removeEndpoint',
        value: { ruleName: change.ruleName ?? '', host: change.host, port: change.port },
      }
    case 'remove-binary':
      return { case: 'removeBinary', value: { ruleName: change.ruleName, binaryPath: change.binaryPath } }
    case 'add-allow-rules':
      return { case: 'addAllowRules', value: { target: toTarget(change.target), rules: rules.allow(change, index) } }
    case 'add-deny-rules':
      return { case: 'addDenyRules', value: { target: toTarget(change.target), denyRules: rules.deny(change, index) } }
  }
}

function toTarget({ host, port, ruleName = '', path }: EndpointTarget): MessageInitShape<typeof L7RuleTargetSchema> {
  return { ruleName, host, ports: [port], ...(path === undefined ? {} : { path }) }
}
