import { create, equals } from '@bufbuild/protobuf'
import {
  type L7DenyRule,
  L7DenyRuleSchema,
  type L7Rule,
  L7RuleSchema,
  type NetworkBinary,
  type NetworkEndpoint,
  type NetworkPolicyRule,
} from '@openshell-ts/protocol/v0-0'
import { invalidArgument } from '../errors/status-error.js'

/** The ports of an endpoint; none when it names none. */
export function portsOf({ port, ports }: NetworkEndpoint): number[] {
  if (ports.length > 0) return [...ports]
  return port > 0 ? [port] : []
}

/** Writes ports in both forms that an endpoint has for them, in order and each once. */
export function writePorts(endpoint: NetworkEndpoint, ports: readonly number[]): void {
  endpoint.ports = [...new Set(ports)].sort((left, right) => left - right)
  endpoint.port = endpoint.ports[0] ?? 0
}

/** True when an endpoint is this host, whatever its case, and has this port. */
export function hasPort(endpoint: NetworkEndpoint, host: string, port: number): boolean {
  return sameHost(endpoint.host, host) && portsOf(endpoint).includes(port)
}

/** True when two endpoints name the same destination in part. */
export function overlaps(left: NetworkEndpoint, right: NetworkEndpoint): boolean {
  const ports = portsOf(right)
  return sameHost(left.host, right.host) && left.path === right.path && portsOf(left).some((one) => ports.includes(one))
}

/** Brings an endpoint into the form in which policies keep them: nothing twice. */
export function normalizeEndpoint(endpoint: NetworkEndpoint): void {
  writePorts(endpoint, portsOf(endpoint))
  const { rules, denyRules } = endpoint
  endpoint.allowedIps = [...new Set(endpoint.allowedIps)]
  endpoint.rules = []
  endpoint.denyRules = []
  appendPermissions(endpoint, rules)
  addDenials(endpoint, denyRules)
}

/** Adds what another endpoint allows to one for the same destination. What is set already stays, where only one can be. */
export function mergeEndpoint(present: NetworkEndpoint, incoming: NetworkEndpoint): void {
  writePorts(present, [...portsOf(present), ...portsOf(incoming)])
  present.protocol ||= incoming.protocol
  present.enforcement ||= incoming.enforcement
  present.tls ||= incoming.tls
  if (incoming.rules.length > 0) addPermissions(present, incoming.rules)
  else if (present.rules.length === 0) present.access ||= incoming.access
  addDenials(present, incoming.denyRules)
  present.allowedIps.push(...incoming.allowedIps)
  present.allowEncodedSlash ||= incoming.allowEncodedSlash
  present.websocketCredentialRewrite ||= incoming.websocketCredentialRewrite
  present.requestBodyCredentialRewrite ||= incoming.requestBodyCredentialRewrite
  present.advisorProposed ||= incoming.advisorProposed
  normalizeEndpoint(present)
}

/**
 * Adds permissions to an endpoint; a preset that it has is written out first.
 *
 * @throws StatusError INVALID_ARGUMENT for a preset that does not exist.
 */
export function addPermissions(endpoint: NetworkEndpoint, rules: readonly L7Rule[]): void {
  if (endpoint.access !== '') {
    const methods = presetMethods(endpoint)
    endpoint.access = ''
    appendPermissions(
      endpoint,
      methods.map((method) => create(L7RuleSchema, { allow: { method, path: '**' } })),
    )
  }
  appendPermissions(endpoint, rules)
}

/** Adds denials to an endpoint, each once. */
export function addDenials(endpoint: NetworkEndpoint, denials: readonly L7DenyRule[]): void {
  for (const denial of denials) {
    if (!endpoint.denyRules.some((one) => equals(L7DenyRuleSchema, one, denial))) endpoint.denyRules.push(denial)
  }
}

/** Adds programs to a rule, each path once. */
export function addBinaries(rule: NetworkPolicyRule, binaries: readonly NetworkBinary[]): void {
  for (const binary of binaries) {
    if (!rule.binaries.some(({ path }) => path === binary.path)) rule.binaries.push(binary)
  }
}

function appendPermissions(endpoint: NetworkEndpoint, rules: readonly L7Rule[]): void {
  for (const rule of rules) {
    if (!endpoint.rules.some((one) => equals(L7RuleSchema, one, rule))) endpoint.rules.push(rule)
  }
}

const readOnly = ['GET', 'HEAD', 'OPTIONS']

function presetMethods({ host, port, protocol, access }: NetworkEndpoint): string[] {
  const websocket = protocol === 'websocket'
  switch (access) {
    case 'full':
      return ['*']
    case 'read-only':
      return websocket ? ['GET'] : readOnly
    case 'read-write':
      return websocket ? ['GET', 'WEBSOCKET_TEXT'] : [...readOnly, 'POST', 'PUT', 'PATCH']
    default:
      throw invalidArgument(`endpoint ${host}:${port} uses unsupported access preset '${access}'`)
  }
}

function sameHost(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}
