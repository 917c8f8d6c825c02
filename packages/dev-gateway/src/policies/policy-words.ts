import type { NetworkEndpoint, SandboxPolicy } from '@openshell-ts/protocol/v0-0'
import {
  type NetworkEndpoint as LaterEndpoint,
  type SandboxPolicy as LaterPolicy,
  NetworkAccessPreset,
  NetworkEnforcementMode,
  NetworkTlsMode,
} from '@openshell-ts/protocol/v0-1'

// The lines say the same in policies, but line 0.0 says three things in words that are numbers on line 0.1. All else has the
// same names and types, so that messages of one line serve the other.

const tlsWords = words({
  skip: NetworkTlsMode.SKIP,
  terminate: NetworkTlsMode.TERMINATE,
  passthrough: NetworkTlsMode.PASSTHROUGH,
})
const enforcementWords = words({ enforce: NetworkEnforcementMode.ENFORCE, audit: NetworkEnforcementMode.AUDIT })
const accessWords = words({
  'read-only': NetworkAccessPreset.READ_ONLY,
  'read-write': NetworkAccessPreset.READ_WRITE,
  full: NetworkAccessPreset.FULL,
})

/** A policy as line 0.1 writes it. A word that the line has no number for is left out. */
export function toLaterPolicy(policy: SandboxPolicy): LaterPolicy {
  return withEndpoints<LaterPolicy>(policy, toLaterEndpoint)
}

/** A policy of line 0.1 as the gateway keeps it. A number that has no word is left out. */
export function fromLaterPolicy(policy: LaterPolicy): SandboxPolicy {
  return withEndpoints<SandboxPolicy>(policy, fromLaterEndpoint)
}

/** An endpoint as line 0.1 writes it. */
export function toLaterEndpoint(endpoint: NetworkEndpoint): LaterEndpoint {
  return {
    ...endpoint,
    tls: tlsWords.numberOf(endpoint.tls),
    enforcement: enforcementWords.numberOf(endpoint.enforcement),
    access: accessWords.numberOf(endpoint.access),
    tokenGrantOwner: (endpoint as { readonly tokenGrantOwner?: string }).tokenGrantOwner ?? '',
  } as unknown as LaterEndpoint
}

/** An endpoint of line 0.1 as the gateway keeps it. */
export function fromLaterEndpoint(endpoint: LaterEndpoint): NetworkEndpoint {
  return {
    ...endpoint,
    tls: tlsWords.wordOf(endpoint.tls),
    enforcement: enforcementWords.wordOf(endpoint.enforcement),
    access: accessWords.wordOf(endpoint.access),
  } as unknown as NetworkEndpoint
}

function withEndpoints<Policy>(
  policy: SandboxPolicy | LaterPolicy,
  convert: (endpoint: never) => NetworkEndpoint | LaterEndpoint,
): Policy {
  const rules = Object.entries(policy.networkPolicies).map(([key, rule]) => [
    key,
    { ...rule, endpoints: (rule.endpoints as readonly object[]).map((endpoint) => convert(endpoint as never)) },
  ])
  return { ...policy, networkPolicies: Object.fromEntries(rules) } as Policy
}

function words<Value extends number>(table: Readonly<Record<string, Value>>) {
  const entries = Object.entries(table)
  return {
    numberOf: (word: string): number => table[word] ?? 0,
    wordOf: (value: number): string => entries.find(([, candidate]) => candidate === value)?.[0] ?? '',
  }
}
