import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { GetSandboxProviderEnvironmentResponseSchema as EarlierSchema } from '@openshell-ts/protocol/v0-0'
import { GetSandboxProviderEnvironmentResponseSchema as LaterSchema } from '@openshell-ts/protocol/v0-1'
import { expect, test } from 'vitest'
import { toProviderAnswer } from './provider-answer.js'

const common = { environment: { KEY: 'value' }, providerEnvRevision: 7n }

test('an answer of line 0.0 has ends in milliseconds, and no set of providers', () => {
  const response = create(EarlierSchema, { ...common, credentialExpiresAtMs: { KEY: 1_500n } })
  expect(toProviderAnswer(response)).toEqual({
    variables: { KEY: 'value' },
    expiresAtMs: new Map([['KEY', 1_500]]),
    revision: 7n,
    attachmentEpoch: '',
    files: new Map(),
  })
})

test('an answer of line 0.1 has ends as timestamps, a set of providers, and files', () => {
  const later = create(LaterSchema, {
    ...common,
    credentialExpirationTimes: { KEY: { seconds: 1n, nanos: 500_000_000 } },
    providerAttachmentEpoch: 'epoch',
    files: { '/a': 'content' },
  })
  const received = fromBinary(EarlierSchema, toBinary(LaterSchema, later))
  expect(toProviderAnswer(received)).toEqual({
    variables: { KEY: 'value' },
    expiresAtMs: new Map([['KEY', 1_500]]),
    revision: 7n,
    attachmentEpoch: 'epoch',
    files: new Map([['/a', 'content']]),
  })
})
