import { L7DenyRuleSchema, L7RuleSchema, NetworkPolicyRuleSchema } from '@openshell-ts/protocol/v0-0'
import type { EndpointTarget } from '../../model/policy-change.js'
import { needsLine01 } from '../unsupported.js'

/** How line 0.0 writes changes of a policy. */
export const CHANGE_WORDING = {
  rule: NetworkPolicyRuleSchema,
  allow: L7RuleSchema,
  deny: L7DenyRuleSchema,
  toTarget({ host, port, ruleName, path }: EndpointTarget): { host: string; port: number } {
    if (ruleName !== undefined || path !== undefined) needsLine01('Naming the rule or the path of an endpoint')
    return { host, port }
  },
} as const
