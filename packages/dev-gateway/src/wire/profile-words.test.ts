import { create } from '@bufbuild/protobuf'
import { ProviderProfileSchema } from '@openshell-ts/protocol/v0-0'
import { ProviderProfileSchema as LaterProfileSchema, NetworkTlsMode } from '@openshell-ts/protocol/v0-1'
import { expect, test } from 'vitest'
import { fromLaterProfile, toLaterProfile } from './profile-words.js'

test('a profile of line 0.0 has Durations and numbers on line 0.1, and comes back as it was', () => {
  const profile = create(ProviderProfileSchema, {
    id: 'hub',
    credentials: [
      {
        name: 'k',
        refresh: { refreshBeforeSeconds: 90n, maxLifetimeSeconds: -1n },
        tokenGrant: { cacheTtlSeconds: 30n },
      },
      { name: 'plain', refresh: {} },
    ],
    endpoints: [{ host: 'a.test', port: 443, tls: 'terminate' }],
  })
  const later = toLaterProfile(profile)
  expect(later).toMatchObject({
    credentials: [
      {
        refresh: { refreshBefore: { seconds: 90n }, maxLifetime: { seconds: -1n } },
        tokenGrant: { cacheTtl: { seconds: 30n } },
      },
      { name: 'plain' },
    ],
    endpoints: [{ host: 'a.test', tls: NetworkTlsMode.TERMINATE }],
  })
  expect(later.credentials[1]?.refresh?.refreshBefore).toBeUndefined()
  // The numbers of line 0.0 must not travel beside the Durations.
  expect([later.credentials[0]?.refresh?.$unknown, later.credentials[0]?.tokenGrant?.$unknown]).toEqual([
    undefined,
    undefined,
  ])
  expect(fromLaterProfile(later)).toMatchObject({ credentials: profile.credentials, endpoints: profile.endpoints })
})

test('part of a second counts as none, and a negative part as a negative second', () => {
  const refresh = { refreshBefore: { seconds: 1n, nanos: 900_000_000 }, maxLifetime: { seconds: 0n, nanos: -1 } }
  const kept = fromLaterProfile(create(LaterProfileSchema, { credentials: [{ name: 'k', refresh }] }))
  expect(kept.credentials[0]?.refresh).toMatchObject({ refreshBeforeSeconds: 1n, maxLifetimeSeconds: -1n })
  expect(toLaterProfile(kept).credentials[0]?.refresh).toMatchObject(refresh)
})
