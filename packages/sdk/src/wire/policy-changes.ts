import type { DescMessage, MessageShape } from '@bufbuild/protobuf'
import type { PolicyChange } from '../policies/policy-change.js'
import { writePlain } from './plain/write-plain.js'

interface RuleSchemas<Rule extends DescMessage, Allow extends DescMessage, Deny extends DescMessage> {
  readonly rule: Rule
  readonly allow: Allow
  readonly deny: Deny
}

/** The rules that a change brings, with their place in the list of changes. */
export function changeRules<Rule extends DescMessage, Allow extends DescMessage, Deny extends DescMessage>(
  { rule, allow, deny }: RuleSchemas<Rule, Allow, Deny>,
  rpc: string,
) {
  return {
    rule: (change: Extract<PolicyChange, { type: 'add-rule' }>, index: number): MessageShape<Rule> =>
      writePlain(rule, change.rule, { rpc, path: `changes[${index}].rule` }),
    allow: (change: Extract<PolicyChange, { type: 'add-allow-rules' }>, index: number): MessageShape<Allow>[] =>
      change.allow.map((matcher, at) =>
        writePlain(allow, { allow: matcher }, { rpc, path: `changes[${index}].allow[${at}]` }),
      ),
    deny: (change: Extract<PolicyChange, { type: 'add-deny-rules' }>, index: number): MessageShape<Deny>[] =>
      change.deny.map((matcher, at) => writePlain(deny, matcher, { rpc, path: `changes[${index}].deny[${at}]` })),
  }
}
