import { create } from '@bufbuild/protobuf'
import {
  AuthenticateSandboxRequestSchema,
  CreateSandboxRequestSchema,
  GetSandboxRequestSchema,
} from '@openshell-ts/protocol/compute'
import { expect, test } from 'vitest'
import { secretFieldNames, secretReader } from './secret-fields.js'

test('the secret fields are those that the contract marks', () => {
  expect([...secretFieldNames()].sort()).toEqual([
    'credential',
    'launchAuthentication',
    'launch_authentication',
    'sandboxToken',
    'sandbox_token',
  ])
})

test('secrets are found at any depth, and bytes in every spelling', () => {
  const launch = '{"sandbox_token":"0123456789abcdef"}'
  const spec = { sandboxToken: 'token-1', launchAuthentication: Buffer.from(launch) }
  const read = secretReader(CreateSandboxRequestSchema)
  expect(read?.(create(CreateSandboxRequestSchema, { sandbox: { spec } }))).toEqual([
    'token-1',
    launch,
    Buffer.from(launch).toString('base64'),
    Buffer.from(launch).toString('hex'),
    '0123456789abcdef',
  ])
  expect(read?.(create(CreateSandboxRequestSchema))).toEqual([])
  const authenticate = create(AuthenticateSandboxRequestSchema, { credential: 'credential-1' })
  expect(secretReader(AuthenticateSandboxRequestSchema)?.(authenticate)).toEqual(['credential-1'])
})

test('a message without secret fields needs no reader', () => {
  expect(secretReader(GetSandboxRequestSchema)).toBeUndefined()
})
