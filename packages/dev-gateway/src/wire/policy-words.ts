import { clone, type DescMessage, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf'
import {
  type NetworkEndpoint,
  NetworkEndpointSchema,
  type NetworkPolicyRule,
  NetworkPolicyRuleSchema,
  type SandboxPolicy,
  SandboxPolicySchema,
} from '@openshell-ts/protocol/v0-0'
import {
  type NetworkEndpoint as LaterEndpoint,
  NetworkEndpointSchema as LaterEndpointSchema,
  type SandboxPolicy as LaterPolicy,
  SandboxPolicySchema as LaterPolicySchema,
  type NetworkPolicyRule as LaterRule,
  NetworkPolicyRuleSchema as LaterRuleSchema,
  NetworkAccessPreset,
  NetworkEnforcementMode,
  NetworkTlsMode,
} from '@openshell-ts/protocol/v0-1'

// The lines say the same in policies, but line 0.0 says three things in words that are numbers on line 0.1. All else has the
// same numbers and types, so that one line reads the other's bytes; what only line 0.1 has is kept as unknown fields.

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
  return toLater(SandboxPolicySchema, LaterPolicySchema, policy, policyEndpoints)
}

/** A policy of line 0.1 as the gateway keeps it. A number that has no word is left out. */
export function fromLaterPolicy(policy: LaterPolicy): SandboxPolicy {
  return fromLater(LaterPolicySchema, SandboxPolicySchema, policy, policyEndpoints)
}

/** A rule as line 0.1 writes it. */
export function toLaterRule(rule: NetworkPolicyRule): LaterRule {
  return toLater(NetworkPolicyRuleSchema, LaterRuleSchema, rule, ({ endpoints }) => endpoints)
}

/** A rule of line 0.1 as the gateway keeps it. */
export function fromLaterRule(rule: LaterRule): NetworkPolicyRule {
  return fromLater(LaterRuleSchema, NetworkPolicyRuleSchema, rule, ({ endpoints }) => endpoints)
}

/** An endpoint as line 0.1 writes it. */
export function toLaterEndpoint(endpoint: NetworkEndpoint): LaterEndpoint {
  return toLater(NetworkEndpointSchema, LaterEndpointSchema, endpoint, (one) => [one])
}

/** An endpoint of line 0.1 as the gateway keeps it. */
export function fromLaterEndpoint(endpoint: LaterEndpoint): NetworkEndpoint {
  return fromLater(LaterEndpointSchema, NetworkEndpointSchema, endpoint, (one) => [one])
}

type Endpoint = NetworkEndpoint | LaterEndpoint

// By key, so that both lines' forms of a policy give their endpoints in one order.
function policyEndpoints({ networkPolicies }: SandboxPolicy | LaterPolicy): readonly Endpoint[] {
  const keys = Object.keys(networkPolicies).sort()
  return keys.flatMap((key) => (networkPolicies[key]?.endpoints ?? []) as Endpoint[])
}

function toLater<Early extends DescMessage, Later extends DescMessage>(
  early: Early,
  later: Later,
  message: MessageShape<Early>,
  endpointsOf: (message: MessageShape<Early> | MessageShape<Later>) => readonly Endpoint[],
): MessageShape<Later> {
  const plain = clone(early, message)
  for (const endpoint of endpointsOf(plain) as NetworkEndpoint[]) {
    Object.assign(endpoint, { tls: '', enforcement: '', access: '' })
  }
  const converted = fromBinary(later, toBinary(early, plain), decoding)
  const words = endpointsOf(message) as readonly NetworkEndpoint[]
  for (const [index, endpoint] of endpointsOf(converted).entries() as Iterable<[number, LaterEndpoint]>) {
    endpoint.tls = tlsWords.numberOf(words[index]?.tls)
    endpoint.enforcement = enforcementWords.numberOf(words[index]?.enforcement)
    endpoint.access = accessWords.numberOf(words[index]?.access)
  }
  return converted
}

function fromLater<Later extends DescMessage, Early extends DescMessage>(
  later: Later,
  early: Early,
  message: MessageShape<Later>,
  endpointsOf: (message: MessageShape<Early> | MessageShape<Later>) => readonly Endpoint[],
): MessageShape<Early> {
  const plain = clone(later, message)
  for (const endpoint of endpointsOf(plain) as LaterEndpoint[]) {
    Object.assign(endpoint, { tls: 0, enforcement: 0, access: 0 })
  }
  const converted = fromBinary(early, toBinary(later, plain), decoding)
  const numbers = endpointsOf(message) as readonly LaterEndpoint[]
  for (const [index, endpoint] of endpointsOf(converted).entries() as Iterable<[number, NetworkEndpoint]>) {
    endpoint.tls = tlsWords.wordOf(numbers[index]?.tls)
    endpoint.enforcement = enforcementWords.wordOf(numbers[index]?.enforcement)
    endpoint.access = accessWords.wordOf(numbers[index]?.access)
  }
  return converted
}

// As deep as a request may be.
const decoding = { recursionLimit: 200 }

function words<Value extends number>(table: Readonly<Record<string, Value>>) {
  const entries = Object.entries(table)
  return {
    numberOf: (word = ''): number => (Object.hasOwn(table, word) ? (table[word] ?? 0) : 0),
    wordOf: (value = 0): string => entries.find(([, candidate]) => candidate === value)?.[0] ?? '',
  }
}
