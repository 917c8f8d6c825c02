import { L7DenyRuleSchema, L7RuleSchema, NetworkPolicyRuleSchema } from '@openshell-ts/protocol/v0-1'
import type { EndpointTarget } from '../../model/policy-change.js'

/** How line 0.1 writes changes of a policy. */
export const CHANGE_WORDING = {
  rule: NetworkPolicyRuleSchema,
  allow: L7RuleSchema,
  deny: L7DenyRuleSchema,
  toTarget: ({ host, port, ruleName = '', path }: EndpointTarget) => ({
    target: { ruleName, host, ports: [port], ...(path === undefined ? {} : { path }) },
  }),
} as const
