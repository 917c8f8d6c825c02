import { create, toJson } from '@bufbuild/protobuf'
import {
  CreateSshSessionResponseSchema,
  GetInferenceBundleResponseSchema,
  GetSandboxProviderEnvironmentResponseSchema,
  ListProvidersResponseSchema,
  secret,
} from '@openshell-ts/protocol/v0-0'
import { expect, test } from 'vitest'
import { redactSecrets } from './redact-secrets.js'

const marked = 's3cret'

test.each([
  [
    'a text',
    CreateSshSessionResponseSchema,
    { token: marked, sandboxId: 'id' },
    { token: 'REDACTED', sandboxId: 'id' },
  ],
  [
    'a map, whose keys stay',
    GetSandboxProviderEnvironmentResponseSchema,
    { environment: { KEY: marked } },
    { environment: { KEY: 'REDACTED' } },
  ],
  [
    'messages in a list',
    ListProvidersResponseSchema,
    { providers: [{ type: 'generic', credentials: { KEY: marked }, config: { url: 'u' } }] },
    { providers: [{ type: 'generic', credentials: { KEY: 'REDACTED' }, config: { url: 'u' } }] },
  ],
  [
    'each entry of a list',
    GetInferenceBundleResponseSchema,
    { routes: [{ name: 'a', apiKey: marked }, { name: 'b' }] },
    { routes: [{ name: 'a', apiKey: 'REDACTED' }, { name: 'b' }] },
  ],
])('secrets in %s are replaced, and nothing else is', (_what, schema, init, shown) => {
  const message = create(schema, init as never)
  const before = toJson(schema, message as never)
  expect(toJson(schema, redactSecrets(schema, message as never, secret) as never)).toEqual(shown)
  expect(toJson(schema, message as never)).toEqual(before)
})
