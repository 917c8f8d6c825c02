import { create, type MessageInitShape, toJson } from '@bufbuild/protobuf'
import {
  NetworkPolicyRuleSchema,
  PolicyMergeOperationSchema,
  type SandboxPolicy,
  SandboxPolicySchema,
} from '@openshell-ts/protocol/v0-0'
import { describe, expect, test } from 'vitest'
import { mergePolicy } from './merge-policy.js'
import { type PolicyChange, parseChanges } from './policy-change.js'

type RuleInit = MessageInitShape<typeof NetworkPolicyRuleSchema>

const policyOf = (rules: Record<string, RuleInit>): SandboxPolicy =>
  create(SandboxPolicySchema, { networkPolicies: rules })
const add = (ruleName: string, rule: RuleInit): PolicyChange => ({
  type: 'add-rule',
  ruleName,
  rule: create(NetworkPolicyRuleSchema, rule),
})
const rulesOf = (policy: SandboxPolicy) =>
  (toJson(SandboxPolicySchema, policy) as { networkPolicies?: unknown }).networkPolicies ?? {}

const github = { endpoints: [{ host: 'api.github.com', port: 443 }], binaries: [{ path: '/usr/bin/curl' }] }

describe('adding a rule', () => {
  test('makes a new one, in the form in which policies keep them', () => {
    const doubled = {
      endpoints: [{ host: 'a.test', ports: [443, 80, 443], allowedIps: ['10.0.0.1', '10.0.0.1'] }],
      binaries: [{ path: '/bin/a' }, { path: '/bin/a' }],
    }
    expect(rulesOf(mergePolicy(policyOf({}), [add('new', doubled)]))).toEqual({
      new: {
        name: 'new',
        endpoints: [{ host: 'a.test', port: 80, ports: [80, 443], allowedIps: ['10.0.0.1'] }],
        binaries: [{ path: '/bin/a' }],
      },
    })
  })

  test('joins the rule that has its endpoint already, and leaves the policy that it came from', () => {
    const before = policyOf({ first: github })
    const added = {
      endpoints: [{ host: 'API.github.com', port: 443, protocol: 'rest', access: 'read-only' }],
      binaries: [{ path: '/usr/bin/gh' }],
    }
    const merged = rulesOf(mergePolicy(before, [add('second', added)]))
    expect(merged).toEqual({
      first: {
        endpoints: [{ host: 'api.github.com', port: 443, ports: [443], protocol: 'rest', access: 'read-only' }],
        binaries: [{ path: '/usr/bin/curl' }, { path: '/usr/bin/gh' }],
      },
    })
    expect(rulesOf(before)).toEqual({
      first: { endpoints: [{ host: 'api.github.com', port: 443 }], binaries: [{ path: '/usr/bin/curl' }] },
    })
  })

  test('writes a preset out before it adds single permissions', () => {
    const before = policyOf({
      first: { endpoints: [{ host: 'a.test', port: 443, protocol: 'rest', access: 'read-only' }] },
    })
    const rules = [{ allow: { method: 'POST', path: '/x' } }]
    const [rule] = Object.values(
      mergePolicy(before, [add('first', { endpoints: [{ host: 'a.test', port: 443, rules }] })]).networkPolicies,
    )
    expect(rule?.endpoints[0]?.access).toBe('')
    expect(rule?.endpoints[0]?.rules.map(({ allow }) => `${allow?.method} ${allow?.path}`)).toEqual([
      'GET **',
      'HEAD **',
      'OPTIONS **',
      'POST /x',
    ])
  })

  test('never joins the rule of a provider', () => {
    const merged = mergePolicy(policyOf({ _provider_github: github }), [add('mine', github)])
    expect(Object.keys(merged.networkPolicies)).toEqual(['_provider_github', 'mine'])
  })
})

describe('removing', () => {
  const two = policyOf({
    first: { ...github, endpoints: [{ host: 'a.test', ports: [80, 443] }] },
    second: { endpoints: [{ host: 'a.test', port: 443 }] },
  })
  test.each<[string, PolicyChange, unknown]>([
    ['a rule', { type: 'remove-rule', ruleName: 'first' }, ['second']],
    ['a rule that is not there', { type: 'remove-rule', ruleName: 'none' }, ['first', 'second']],
    [
      'an endpoint of all rules, and rules that have no other',
      { type: 'remove-endpoint', ruleName: '', host: 'a.test', port: 443 },
      ['first'],
    ],
    [
      'an endpoint of one rule',
      { type: 'remove-endpoint', ruleName: 'first', host: 'a.test', port: 443 },
      ['first', 'second'],
    ],
    [
      'the last program of a rule, and the rule with it',
      { type: 'remove-binary', ruleName: 'first', path: '/usr/bin/curl' },
      ['second'],
    ],
    [
      'a program of a rule for all programs',
      { type: 'remove-binary', ruleName: 'second', path: '/usr/bin/curl' },
      ['first', 'second'],
    ],
  ])('%s', (_what, change, left) => {
    expect(Object.keys(mergePolicy(two, [change]).networkPolicies)).toEqual(left)
  })

  test('one port of an endpoint keeps the others', () => {
    const change: PolicyChange = { type: 'remove-endpoint', ruleName: 'first', host: 'a.test', port: 80 }
    expect(mergePolicy(two, [change]).networkPolicies['first']?.endpoints).toMatchObject([{ port: 443, ports: [443] }])
  })
})

describe('a denial', () => {
  const denial = (host: string): PolicyChange => ({
    type: 'add-denials',
    host,
    port: 443,
    denyRules:
      policyOf({ a: { endpoints: [{ denyRules: [{ method: 'DELETE', path: '/x' }] }] } }).networkPolicies['a']
        ?.endpoints[0]?.denyRules ?? [],
  })
  const policy = policyOf({
    open: { endpoints: [{ host: 'open.test', port: 443, protocol: 'rest', access: 'full' }] },
    bare: { endpoints: [{ host: 'bare.test', port: 443, protocol: 'rest' }] },
    plain: { endpoints: [{ host: 'plain.test', port: 443 }] },
    graph: { endpoints: [{ host: 'graph.test', port: 443, protocol: 'graphql' }] },
  })

  test('is kept once', () => {
    const merged = mergePolicy(policy, [denial('open.test'), denial('open.test')])
    expect(merged.networkPolicies['open']?.endpoints[0]?.denyRules).toHaveLength(1)
  })

  test.each([
    ['none.test', 'endpoint none.test:443 was not found in the current policy'],
    ['plain.test', 'endpoint plain.test:443 has no L7 inspection configured (protocol is empty)'],
    ['graph.test', "endpoint graph.test:443 uses unsupported protocol 'graphql'"],
    ['bare.test', 'endpoint bare.test:443 has no base allow set'],
  ])('for %s is refused', (host, text) => {
    expect(() => mergePolicy(policy, [denial(host)])).toThrow(text)
  })
})

test.each([
  [{}, 'merge_operations[0] is missing an operation'],
  [{ addRule: {} }, 'merge_operations[0].add_rule.rule_name is required'],
  [{ addRule: { ruleName: 'a' } }, 'merge_operations[0].add_rule.rule must contain at least one endpoint'],
  [{ removeRule: { ruleName: ' ' } }, 'merge_operations[0].remove_rule.rule_name is required'],
  [{ removeEndpoint: { host: 'a' } }, 'merge_operations[0].remove_endpoint requires host and non-zero port'],
  [{ removeBinary: { ruleName: 'a' } }, 'merge_operations[0].remove_binary requires rule_name and binary_path'],
  [
    { addDenyRules: { host: 'a', port: 1 } },
    'merge_operations[0].add_deny_rules requires host, non-zero port, and at least one deny rule',
  ],
  [
    { addAllowRules: { host: 'a', port: 1, rules: [{}] } },
    'merge_operations[0].add_allow_rules rules must include allow payloads',
  ],
  [
    { addRule: { ruleName: '_provider_x', rule: { endpoints: [{ host: 'a', port: 1 }] } } },
    "merge operation add_rule rule_name '_provider_x' uses reserved '_provider_' prefix for provider composition",
  ],
  [
    { addRule: { ruleName: 'a', rule: { endpoints: [{ host: '169.254.169.254', port: 80 }] } } },
    "proposed rule endpoint host '169.254.169.254' is an always-blocked address",
  ],
  [
    { addAllowRules: { host: 'LocalHost.', port: 1, rules: [{ allow: {} }] } },
    "proposed rule endpoint host 'localhost' is always blocked",
  ],
  [
    { addRule: { ruleName: 'a', rule: { endpoints: [{ host: 'a', port: 1, allowedIps: ['127.0.0.0/8'] }] } } },
    "proposed rule contains always-blocked `allowed_ips` entry '127.0.0.0/8'",
  ],
])('the operation %j is refused', (operation, text) => {
  const [[name, value] = []] = Object.entries(operation)
  const init = name === undefined ? {} : { operation: { case: name, value } }
  expect(() => parseChanges([create(PolicyMergeOperationSchema, init as never)])).toThrow(text)
})
