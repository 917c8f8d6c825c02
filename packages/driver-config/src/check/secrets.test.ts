import Type from 'typebox'
import { describe, expect, test } from 'vitest'
import { emptyExamples } from '../../test/version-examples.js'
import { defineDriverConfig } from '../define/define-driver-config.js'
import { notSecret, secretRef } from '../schema/secret-ref.js'
import { rule } from './rules.js'

const optional = Type.Optional

describe('secrets', () => {
  const schema = Type.Object({
    env: optional(Type.Record(Type.String(), Type.String())),
    note: optional(Type.String()),
    pull_secret: optional(secretRef(Type.String(), 'a registry secret')),
    max_tokens_note: optional(notSecret(Type.String(), 'a remark')),
  })
  const secretConfig = defineDriverConfig('acme')
    .version(1, schema, emptyExamples)
    .build({
      rules: [
        rule('leaky', { reads: ['pull_secret', 'note'] }, ({ value, fail }) => {
          if (value.pull_secret !== undefined)
            fail('note', 'RULE_FAILED', { problem: `does not go with ${value.pull_secret}` })
        }),
      ],
    })
  const codes = (block: object) => {
    const result = secretConfig.safeParse(block)
    return [...(result.ok ? [] : result.issues), ...result.warnings].map((issue) => `${issue.code} ${issue.message}`)
  }

  test.each([
    ['-----BEGIN RSA PRIVATE KEY-----\nabc', 'a private key'],
    ['AKIAABCDEFGHIJKLMNOP', 'a cloud access key'],
    [`ghp_${'a1B2'.repeat(9)}`, 'a source host token'],
    ['glpat-abcdefghij1234567890', 'a source host token'],
    ['xoxb-1234567890-abcdefghij', 'a chat token'],
    ['sk-ant-abcdefghij1234567890', 'an API key'],
    [`hf_${'aB3'.repeat(10)}`, 'an API key'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijkl', 'a JSON web token'],
  ])('%#: are found by their form', (text, name) => {
    expect(codes({ note: `see ${text}` })).toEqual([
      `SECRET_NOT_ALLOWED driver_config.note: this is ${name}; secrets do not belong in driver_config; use provider credentials instead`,
    ])
  })

  test('are found by the name of a free key', () => {
    const env = { api_token: 'hunter2', API_TOKEN_TTL: '5', apiKey: 'x', TOKENS: '', AWS_SECRET_ACCESS_KEY: 'x' }
    expect(codes({ env })).toEqual([
      'SECRET_NOT_ALLOWED driver_config.env.api_token: secrets do not belong in driver_config; use provider credentials instead',
      'SECRET_NOT_ALLOWED driver_config.env.apiKey: secrets do not belong in driver_config; use provider credentials instead',
      'SECRET_NOT_ALLOWED driver_config.env.AWS_SECRET_ACCESS_KEY: secrets do not belong in driver_config; use provider credentials instead',
    ])
  })

  test('are only suspected in long texts of high entropy', () => {
    expect(codes({ note: 'Zq8v3KxW1pLmN7tR5yUoA2sD9fGhJ4kB6cE0' })[0]).toMatch(
      /^SECRET_SUSPECTED driver_config.note: looks like a secret/,
    )
    expect(codes({ note: 'openshell-workspace-volume-for-the-nightly-run-2027-01-31' })).toEqual([])
    expect(codes({ note: '/sandbox/work/projects/Alpha1/checkout/Documentation' })).toEqual([])
  })

  test('never reach a message, not even through a rule', () => {
    expect(codes({ pull_secret: 'registry-hunter2' })).toEqual([
      'RULE_FAILED driver_config.note: does not go with [redacted]',
    ])
  })

  test('never hide the path, whatever their text', () => {
    const own = rule<{ readonly pull_secret?: string }>('own', { reads: ['pull_secret'] }, ({ value, fail }) => {
      if (value.pull_secret !== undefined) fail('pull_secret', 'RULE_FAILED', { problem: `is ${value.pull_secret}` })
    })
    const config = defineDriverConfig('acme')
      .version(1, schema, emptyExamples)
      .build({ rules: [own] })
    expect(config.safeParse({ pull_secret: 'driver' })).toMatchObject({
      issues: [{ message: 'driver_config.pull_secret: is [redacted]' }],
    })
  })

  test.each([
    ['password_hash', Type.String()],
    ['secret_access_key', Type.String()],
    ['tokenFile', Type.String()],
    ['credentials_by_host', Type.Record(Type.String(), Type.String())],
    ['private_keys', Type.Array(Type.String())],
    ['api_key_pair', Type.Union([Type.String(), Type.Null()])],
  ])('must be declared wherever a name speaks of one: %s', (name, field) => {
    const named = (member: typeof field) => () =>
      defineDriverConfig('acme')
        .version(1, Type.Object({ [name]: optional(member) }), emptyExamples)
        .build()
    expect(named(field)).toThrow(`schema at "/properties/${name}": the name of this field speaks of a secret.`)
    expect(named(notSecret(field, 'a name'))).not.toThrow()
  })

  test.each(['tokenizer', 'secretary', 'keyboard', 'compass'])('are not what %s speaks of', (name) => {
    const chain = defineDriverConfig('acme').version(1, Type.Object({ [name]: optional(Type.String()) }), emptyExamples)
    expect(() => chain.build()).not.toThrow()
  })

  test('must be declared when a field is named after one', () => {
    const named = (field: object) => () =>
      defineDriverConfig('acme')
        .version(1, Type.Object({ api_token: optional(field) }), emptyExamples)
        .build()
    expect(named(Type.String())).toThrow('Use secretRef() for a reference, or notSecret(schema, "reason").')
    expect(named(notSecret(Type.String(), 'the name of a token'))).not.toThrow()
    expect(named(secretRef(Type.String(), 'a token'))).not.toThrow()
    expect(named(Type.Integer())).not.toThrow()
  })
})
