import type { DescMessage } from '@bufbuild/protobuf'
import type { EndpointTarget, PolicyChange } from '../model/policy-change.js'
import type { RequestMatcher } from '../model/sandbox-policy.js'
import { writePlain } from './plain/write-plain.js'

/** How a line writes the parts of a change. */
export interface ChangeWording<
  Rule extends DescMessage,
  Allow extends DescMessage,
  Deny extends DescMessage,
  Target extends object,
> {
  readonly rule: Rule
  readonly allow: Allow
  readonly deny: Deny
  /** The fields that name an endpoint. */
  readonly toTarget: (target: EndpointTarget) => Target
}

/** Writes changes of a policy in the words of a line, and names the place of what it does not know. */
export function toMergeOperations<
  Rule extends DescMessage,
  Allow extends DescMessage,
  Deny extends DescMessage,
  Target extends object,
>(changes: readonly PolicyChange[], wording: ChangeWording<Rule, Allow, Deny, Target>) {
  return changes.map((change, index) => ({ operation: toOperation(change, `changes[${index}]`, wording) }))
}

function toOperation<
  Rule extends DescMessage,
  Allow extends DescMessage,
  Deny extends DescMessage,
  Target extends object,
>(change: PolicyChange, path: string, { rule, allow, deny, toTarget }: ChangeWording<Rule, Allow, Deny, Target>) {
  switch (change.type) {
    case 'add-rule': {
      const { ruleName } = change
      return { case: 'addRule', value: { ruleName, rule: write(rule, change.rule, `${path}.rule`) } } as const
    }
    case 'remove-rule':
      return { case: 'removeRule', value: { ruleName: change.ruleName } } as const
    case 'remove-endpoint': {
      const { ruleName = '', host, port } = change
      return { case: 'removeEndpoint', value: { ruleName, host, port } } as const
    }
    case 'remove-binary': {
      const { ruleName, binaryPath } = change
      return { case: 'removeBinary', value: { ruleName, binaryPath } } as const
    }
    case 'add-allow-rules': {
      const rules = change.allow.map((matcher: RequestMatcher, at) =>
        write(allow, { allow: matcher }, `${path}.allow[${at}]`),
      )
      return { case: 'addAllowRules', value: { ...toTarget(change.target), rules } } as const
    }
    case 'add-deny-rules': {
      const denyRules = change.deny.map((matcher, at) => write(deny, matcher, `${path}.deny[${at}]`))
      return { case: 'addDenyRules', value: { ...toTarget(change.target), denyRules } } as const
    }
  }
}

function write<Description extends DescMessage>(description: Description, plain: object, path: string) {
  return writePlain(description, plain, { rpc: 'UpdateConfig', path })
}
