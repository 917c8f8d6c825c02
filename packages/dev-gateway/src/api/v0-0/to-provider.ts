import { create } from '@bufbuild/protobuf'
import { type Provider, ProviderSchema, secret } from '@openshell-ts/protocol/v0-0'
import type { ProviderRecord } from '../../records/provider.js'
import { redactSecrets } from '../../server/redact-secrets.js'
import { toMetadata } from './to-metadata.js'
import { toNumber } from './to-number.js'

/** Shows a provider as the API does: with the names of its credentials, never with their values. */
export function toProvider(record: ProviderRecord): Provider {
  const { value } = record
  const message = create(ProviderSchema, {
    metadata: { ...toMetadata(record), labels: value.labels, annotations: value.annotations },
    type: value.type,
    credentials: value.credentials,
    config: value.config,
    credentialExpiresAtMs: toBigInts(value.credentialExpiresAtMs),
    profileWorkspace: value.profileWorkspace,
  })
  return redactSecrets(ProviderSchema, message, secret)
}

/** Times by name as the wire has them. */
export function toBigInts(times: Readonly<Record<string, number>>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(times).map(([name, time]) => [name, BigInt(time)]))
}

/** Times by name as records have them. */
export function toNumbers(times: Readonly<Record<string, bigint>>): Record<string, number> {
  return Object.fromEntries(Object.entries(times).map(([name, time]) => [name, toNumber(time)]))
}
