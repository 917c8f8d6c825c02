import type { L7DenyRule, L7Rule, NetworkPolicyRule, PolicyMergeOperation } from '@openshell-ts/protocol/v0-0'
import { invalidArgument } from '../errors/status-error.js'
import { checkHostNotBlocked, checkRuleNotBlocked } from './blocked-hosts.js'
import { isProviderRule } from './provider-rules.js'

/** One change of a policy. Names and hosts are trimmed. */
export type PolicyChange =
  | { readonly type: 'add-rule'; readonly ruleName: string; readonly rule: NetworkPolicyRule }
  | { readonly type: 'remove-rule'; readonly ruleName: string }
  /** An empty rule name means all rules. */
  | { readonly type: 'remove-endpoint'; readonly ruleName: string; readonly host: string; readonly port: number }
  | { readonly type: 'remove-binary'; readonly ruleName: string; readonly path: string }
  | (EndpointTarget & { readonly type: 'add-denials'; readonly denyRules: readonly L7DenyRule[] })
  | (EndpointTarget & { readonly type: 'add-permissions'; readonly rules: readonly L7Rule[] })

/** The endpoint that a change is about: the first one that is all that is said here. */
export interface EndpointTarget {
  readonly host: string
  readonly port: number
  /** The rule that it stands in; any when absent. */
  readonly ruleName?: string
  /** Its path; any when absent. */
  readonly path?: string | undefined
  /** Programs that its rule names, or `any` for a rule of all programs; any rule when absent. */
  readonly binaries?: readonly string[] | 'any'
}

/**
 * Reads the operations of a request.
 *
 * @throws StatusError INVALID_ARGUMENT that names the first operation that is incomplete or can never have an effect.
 */
export function parseChanges(operations: readonly PolicyMergeOperation[]): PolicyChange[] {
  const changes = operations.map(({ operation }, index) => parseChange(operation, `merge_operations[${index}]`))
  return checkedChanges(changes)
}

/** The changes themselves. Throws as `checkChange` for the first one that no policy can take. */
export function checkedChanges(changes: readonly PolicyChange[]): PolicyChange[] {
  for (const change of changes) checkChange(change)
  return [...changes]
}

/** @throws StatusError INVALID_ARGUMENT for a change that a policy cannot take, whatever is in it. */
export function checkChange(change: PolicyChange): void {
  if (change.type === 'add-permissions') checkHostNotBlocked(change.host)
  if (change.type !== 'add-rule') return
  if (isProviderRule(change.ruleName)) {
    throw invalidArgument(
      `merge operation add_rule rule_name '${change.ruleName}' uses reserved '_provider_' prefix for provider composition`,
    )
  }
  checkRuleNotBlocked(change.rule)
}

/** Reads one operation; `where` names it in texts. */
export function parseChange(operation: PolicyMergeOperation['operation'], where: string): PolicyChange {
  switch (operation.case) {
    case 'addRule': {
      const { rule } = operation.value
      const ruleName = operation.value.ruleName.trim()
      if (ruleName === '') throw invalidArgument(`${where}.add_rule.rule_name is required`)
      if (!rule || rule.endpoints.length === 0) {
        throw invalidArgument(`${where}.add_rule.rule must contain at least one endpoint`)
      }
      return { type: 'add-rule', ruleName, rule }
    }
    case 'removeRule': {
      const ruleName = operation.value.ruleName.trim()
      if (ruleName === '') throw invalidArgument(`${where}.remove_rule.rule_name is required`)
      return { type: 'remove-rule', ruleName }
    }
    case 'removeEndpoint': {
      const { port } = operation.value
      const host = operation.value.host.trim()
      if (host === '' || port === 0) throw invalidArgument(`${where}.remove_endpoint requires host and non-zero port`)
      return { type: 'remove-endpoint', ruleName: operation.value.ruleName.trim(), host, port }
    }
    case 'removeBinary': {
      const ruleName = operation.value.ruleName.trim()
      const path = operation.value.binaryPath.trim()
      if (ruleName === '' || path === '') {
        throw invalidArgument(`${where}.remove_binary requires rule_name and binary_path`)
      }
      return { type: 'remove-binary', ruleName, path }
    }
    case 'addDenyRules': {
      const { port, denyRules } = operation.value
      const host = operation.value.host.trim()
      if (host === '' || port === 0 || denyRules.length === 0) {
        throw invalidArgument(`${where}.add_deny_rules requires host, non-zero port, and at least one deny rule`)
      }
      return { type: 'add-denials', host, port, denyRules }
    }
    case 'addAllowRules': {
      const { port, rules } = operation.value
      const host = operation.value.host.trim()
      if (host === '' || port === 0 || rules.length === 0) {
        throw invalidArgument(`${where}.add_allow_rules requires host, non-zero port, and at least one allow rule`)
      }
      checkPermissions(rules, where)
      return { type: 'add-permissions', host, port, rules }
    }
    default:
      throw invalidArgument(`${where} is missing an operation`)
  }
}

/** @throws StatusError INVALID_ARGUMENT for permissions that allow nothing in particular. */
export function checkPermissions(rules: readonly L7Rule[], where: string): void {
  if (rules.every(({ allow }) => allow)) return
  throw invalidArgument(`${where}.add_allow_rules rules must include allow payloads`)
}
