import { clone } from '@bufbuild/protobuf'
import {
  type NetworkEndpoint,
  type NetworkPolicyRule,
  NetworkPolicyRuleSchema,
  type SandboxPolicy,
  SandboxPolicySchema,
} from '@openshell-ts/protocol/v0-0'
import { failedPrecondition } from '../errors/status-error.js'
import {
  addBinaries,
  addDenials,
  addPermissions,
  hasPort,
  mergeEndpoint,
  normalizeEndpoint,
  overlaps,
  portsOf,
  writePorts,
} from './merge-endpoints.js'
import type { EndpointTarget, PolicyChange } from './policy-change.js'
import { isProviderRule } from './provider-rules.js'

/**
 * The policy that changes make of another, applied in order. The given one is left as it is.
 *
 * @throws StatusError FAILED_PRECONDITION for a change of an endpoint that is not there, or that cannot have such rules.
 */
export function mergePolicy(policy: SandboxPolicy, changes: readonly PolicyChange[]): SandboxPolicy {
  const merged = clone(SandboxPolicySchema, policy)
  for (const change of changes) apply(merged, change)
  return merged
}

function apply(policy: SandboxPolicy, change: PolicyChange): void {
  switch (change.type) {
    case 'add-rule':
      addRule(policy, change.ruleName, change.rule)
      break
    case 'remove-rule':
      delete policy.networkPolicies[change.ruleName]
      break
    case 'remove-endpoint':
      removeEndpoint(policy, change.ruleName, change.host, change.port)
      break
    case 'remove-binary':
      removeBinary(policy, change.ruleName, change.path)
      break
    case 'add-denials':
      addDenials(deniableEndpoint(policy, change), change.denyRules)
      break
    case 'add-permissions':
      addPermissions(inspectedEndpoint(policy, change), change.rules)
  }
}

// A rule whose endpoint another rule has already joins that one. Rules of providers stay as their profiles say.
function addRule(policy: SandboxPolicy, ruleName: string, added: NetworkPolicyRule): void {
  const incoming = clone(NetworkPolicyRuleSchema, added)
  for (const endpoint of incoming.endpoints) normalizeEndpoint(endpoint)
  const { binaries } = incoming
  incoming.binaries = []
  addBinaries(incoming, binaries)
  if (incoming.name === '') incoming.name = ruleName
  const present = policy.networkPolicies[ruleName] ?? ruleWithEndpointOf(policy, incoming)
  if (!present) {
    policy.networkPolicies[ruleName] = incoming
    return
  }
  addBinaries(present, incoming.binaries)
  for (const endpoint of incoming.endpoints) {
    const same = present.endpoints.find((one) => overlaps(one, endpoint))
    if (same) mergeEndpoint(same, endpoint)
    else present.endpoints.push(endpoint)
  }
}

function ruleWithEndpointOf(policy: SandboxPolicy, incoming: NetworkPolicyRule): NetworkPolicyRule | undefined {
  const found = ownRules(policy).find(([, { endpoints }]) =>
    incoming.endpoints.some((endpoint) => endpoints.some((one) => overlaps(one, endpoint))),
  )
  return found?.[1]
}

function removeEndpoint(policy: SandboxPolicy, ruleName: string, host: string, port: number): void {
  const names = ruleName === '' ? Object.keys(policy.networkPolicies) : [ruleName]
  for (const name of names) {
    const rule = policy.networkPolicies[name]
    if (!rule) continue
    rule.endpoints = rule.endpoints.filter((endpoint) => {
      if (!hasPort(endpoint, host, port)) return true
      const left = portsOf(endpoint).filter((one) => one !== port)
      writePorts(endpoint, left)
      return left.length > 0
    })
    if (rule.endpoints.length === 0) delete policy.networkPolicies[name]
  }
}

// A rule for no program at all would be one for each program, so that it goes with its last one.
function removeBinary(policy: SandboxPolicy, ruleName: string, path: string): void {
  const rule = policy.networkPolicies[ruleName]
  if (!rule) return
  const before = rule.binaries.length
  rule.binaries = rule.binaries.filter((binary) => binary.path !== path)
  if (rule.binaries.length < before && rule.binaries.length === 0) delete policy.networkPolicies[ruleName]
}

function deniableEndpoint(policy: SandboxPolicy, target: EndpointTarget): NetworkEndpoint {
  const endpoint = inspectedEndpoint(policy, target)
  if (endpoint.access !== '' || endpoint.rules.length > 0) return endpoint
  throw failedPrecondition(
    `endpoint ${target.host}:${target.port} has no base allow set; configure access or explicit allow rules before adding deny rules`,
  )
}

function inspectedEndpoint(policy: SandboxPolicy, target: EndpointTarget): NetworkEndpoint {
  const { host, port, path } = target
  const endpoint = ownRules(policy)
    .filter(([name, rule]) => isRuleOf(target, name, rule))
    .flatMap(([, { endpoints }]) => endpoints)
    .find((one) => hasPort(one, host, port) && (path === undefined || one.path === path))
  if (!endpoint) throw failedPrecondition(`endpoint ${host}:${port} was not found in the current policy`)
  if (endpoint.protocol === '') {
    throw failedPrecondition(`endpoint ${host}:${port} has no L7 inspection configured (protocol is empty)`)
  }
  if (endpoint.protocol === 'rest' || endpoint.protocol === 'websocket') return endpoint
  throw failedPrecondition(
    `endpoint ${host}:${port} uses unsupported protocol '${endpoint.protocol}'; this operation currently supports ` +
      "only protocol 'rest' or 'websocket'",
  )
}

function isRuleOf({ ruleName, binaries }: EndpointTarget, name: string, rule: NetworkPolicyRule): boolean {
  if (ruleName !== undefined && ruleName !== name) return false
  if (binaries === undefined) return true
  if (binaries === 'any') return rule.binaries.length === 0
  return binaries.every((path) => rule.binaries.some((binary) => binary.path === path))
}

function ownRules(policy: SandboxPolicy): [string, NetworkPolicyRule][] {
  return Object.entries(policy.networkPolicies)
    .filter(([name]) => !isProviderRule(name))
    .sort(([left], [right]) => (left < right ? -1 : 1))
}
