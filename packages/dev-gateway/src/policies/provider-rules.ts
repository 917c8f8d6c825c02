import { clone, create } from '@bufbuild/protobuf'
import {
  NetworkEndpointSchema,
  type NetworkPolicyRule,
  NetworkPolicyRuleSchema,
  type SandboxPolicy,
  SandboxPolicySchema,
} from '@openshell-ts/protocol/v0-0'
import { findProfile } from '../providers/profile-catalog.js'
import type { ProviderRecord } from '../records/provider.js'
import type { GatewayStore } from '../store/gateway-store.js'

const prefix = '_provider_'

/** True for the name of a rule that a provider's profile brings. */
export function isProviderRule(name: string): boolean {
  return name.startsWith(prefix)
}

/** A copy of a policy without the rules of providers. */
export function withoutProviderRules(policy: SandboxPolicy): SandboxPolicy {
  const copy = clone(SandboxPolicySchema, policy)
  for (const name of Object.keys(copy.networkPolicies)) if (isProviderRule(name)) delete copy.networkPolicies[name]
  return copy
}

/** A copy of a policy with one rule for each attached provider whose profile names endpoints. */
export function withProviderRules(
  store: GatewayStore,
  policy: SandboxPolicy,
  providers: readonly ProviderRecord[],
): SandboxPolicy {
  const copy = clone(SandboxPolicySchema, policy)
  for (const provider of providers) {
    const rule = ruleOf(store, provider)
    if (rule) copy.networkPolicies[rule.name] = rule
  }
  return copy
}

function ruleOf(store: GatewayStore, { name, value }: ProviderRecord): NetworkPolicyRule | undefined {
  const profile = findProfile(store, value.type, value.profileWorkspace)?.value
  if (!profile || profile.endpoints.length === 0) return undefined
  const endpoints = profile.endpoints.map((endpoint) => {
    const copy = clone(NetworkEndpointSchema, endpoint)
    copy.providerCredentialed = profile.credentials.length > 0
    return copy
  })
  return create(NetworkPolicyRuleSchema, { name: ruleName(name), endpoints, binaries: profile.binaries })
}

function ruleName(providerName: string): string {
  const plain = providerName
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, '_')
    .replace(/^_+|_+$/g, '')
  return prefix + (plain || 'unnamed')
}
