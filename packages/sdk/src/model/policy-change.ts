import type { NetworkPolicyRule, RequestMatcher } from './sandbox-policy.js'

/** One endpoint of a policy. */
export interface EndpointTarget {
  readonly host: string
  readonly port: number
  /** Name of the rule that holds it; absent means every rule that does. From gateway 0.1.0. */
  readonly ruleName?: string
  /** From gateway 0.1.0. */
  readonly path?: string
}

/** One change of the network rules; the others stay as they are. */
export type PolicyChange =
  | { readonly type: 'add-rule'; readonly ruleName: string; readonly rule: NetworkPolicyRule }
  | { readonly type: 'remove-rule'; readonly ruleName: string }
  | { readonly type: 'remove-endpoint'; readonly ruleName?: string; readonly host: string; readonly port: number }
  | { readonly type: 'remove-binary'; readonly ruleName: string; readonly binaryPath: string }
  | { readonly type: 'add-allow-rules'; readonly target: EndpointTarget; readonly allow: readonly RequestMatcher[] }
  | { readonly type: 'add-deny-rules'; readonly target: EndpointTarget; readonly deny: readonly RequestMatcher[] }
