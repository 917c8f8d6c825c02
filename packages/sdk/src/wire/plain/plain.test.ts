import { create } from '@bufbuild/protobuf'
import { SandboxPolicySchema as Policy00, ProviderProfileSchema as Profile00 } from '@openshell-ts/protocol/v0-0'
import { SandboxPolicySchema as Policy01, ProviderProfileSchema as Profile01 } from '@openshell-ts/protocol/v0-1'
import { describe, expect, test } from 'vitest'
import { OpenShellError } from '../../errors/openshell-error.js'
import { readPlain } from './read-plain.js'
import { writePlain } from './write-plain.js'

const policy = {
  filesystem: { includeWorkdir: true, readOnly: ['/usr'] },
  networkPolicies: {
    web: {
      name: 'web',
      endpoints: [
        {
          host: 'api.example.com',
          ports: [443],
          tls: 'terminate',
          enforcement: 'audit',
          access: 'read-only',
          rules: [{ allow: { method: 'GET', query: { page: { any: ['1', '2'] } } } }],
          mcp: { strictToolNames: false },
        },
      ],
      binaries: [{ path: '/usr/bin/curl' }],
    },
  },
  networkMiddlewares: { scan: { config: { deep: [1, null, { on: true }] }, order: 2 } },
}
const profile = {
  id: 'acme',
  category: 'source-control',
  resourceVersion: '7',
  credentials: [
    {
      name: 'token',
      refresh: { strategy: 'oauth2-refresh-token', refreshBeforeMs: 300_000, maxLifetimeMs: 3_600_000 },
      tokenGrant: { cacheTtlMs: 60_000, grantType: 'token-exchange' },
    },
  ],
}
const source = { rpc: 'UpdateConfig', path: 'policy' }

describe.each([
  ['0.0', Policy00, Profile00],
  ['0.1', Policy01, Profile01],
] as const)('line %s', (line, Policy, Profile) => {
  test('a policy comes back as it was written', () => {
    expect(readPlain(Policy, writePlain(Policy, policy, source))).toEqual(policy)
  })

  test('a profile comes back as it was written, with spans of time in milliseconds', () => {
    expect(readPlain(Profile, writePlain(Profile, profile, source))).toEqual(profile)
  })

  test('lists every key that the line does not know and every value of a wrong type', () => {
    const wrong = {
      filesystem: { readOnyl: [] },
      networkPolicies: { web: { endpoints: [{ port: '443' }] } },
      process: 1,
    }
    const write = () => writePlain(Policy, wrong, source)
    expect(write).toThrow(OpenShellError)
    expect(violationsOf(write)).toEqual([
      ['policy.filesystem.readOnyl', 'UNKNOWN_FIELD'],
      ['policy.networkPolicies["web"].endpoints[0].port', 'TYPE_MISMATCH'],
      ['policy.process', 'TYPE_MISMATCH'],
    ])
  })

  test('reads what is empty as absent', () => {
    expect(readPlain(Policy, create(Policy, { networkPolicies: {}, version: 0 }))).toEqual({})
    expect(line).toMatch(/^0\.[01]$/)
  })
})

test('a field of the later line is refused on the earlier one, and a word that an enum does not have', () => {
  expect(violationsOf(() => writePlain(Profile00, { files: [] }, source))).toEqual([['policy.files', 'UNKNOWN_FIELD']])
  const endpoints = [{ tls: 'sometimes' }]
  expect(violationsOf(() => writePlain(Policy01, { networkPolicies: { a: { endpoints } } }, source))).toEqual([
    ['policy.networkPolicies["a"].endpoints[0].tls', 'NOT_ALLOWED'],
  ])
})

test('a number that an enum does not have reads as unrecognized', () => {
  const message = create(Profile01, { category: 99 as never })
  expect(readPlain(Profile01, message)).toEqual({ category: 'unrecognized' })
})

function violationsOf(work: () => unknown): string[][] {
  try {
    work()
  } catch (error) {
    if (error instanceof OpenShellError) return error.violations.map(({ field, reason = '' }) => [field, reason])
    throw error
  }
  return []
}
