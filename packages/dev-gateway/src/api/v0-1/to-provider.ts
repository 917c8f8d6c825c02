import { create } from '@bufbuild/protobuf'
import type { Timestamp } from '@bufbuild/protobuf/wkt'
import { type Provider, ProviderSchema, secret } from '@openshell-ts/protocol/v0-1'
import type { ProviderRecord } from '../../records/provider.js'
import { redactSecrets } from '../../server/redact-secrets.js'
import { toMetadata } from './to-metadata.js'
import { toMilliseconds, toTimestamp } from './to-timestamp.js'

/** Shows a provider as the API does: with the names of its credentials, never with their values. */
export function toProvider(record: ProviderRecord): Provider {
  const { value } = record
  const message = create(ProviderSchema, {
    metadata: { ...toMetadata(record), labels: value.labels, annotations: value.annotations },
    type: value.type,
    credentials: value.credentials,
    config: value.config,
    credentialExpirationTimes: toTimestamps(value.credentialExpiresAtMs),
    profileWorkspace: value.profileWorkspace,
  })
  return redactSecrets(ProviderSchema, message, secret)
}

/** Times by name as records have them. Throws INVALID_ARGUMENT for a time that no date can say. */
export function toNumbers(field: string, times: Readonly<Record<string, Timestamp>>): Record<string, number> {
  return Object.fromEntries(Object.entries(times).map(([name, time]) => [name, toMilliseconds(field, time)]))
}

/** Times by name as the wire has them; 0, which means no time, is left out. */
export function toTimestamps(times: Readonly<Record<string, number>>): Record<string, Timestamp> {
  const entries = Object.entries(times).flatMap(([name, ms]) => {
    const time = toTimestamp(ms)
    return time ? [[name, time] as const] : []
  })
  return Object.fromEntries(entries)
}
