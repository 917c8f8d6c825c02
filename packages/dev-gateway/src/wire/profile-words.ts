import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { type Duration, durationFromMs } from '@bufbuild/protobuf/wkt'
import {
  type ProviderProfile,
  type ProviderProfileCredential,
  ProviderProfileCredentialSchema,
  ProviderProfileSchema,
} from '@openshell-ts/protocol/v0-0'
import {
  type ProviderProfileCredential as LaterCredential,
  ProviderProfileCredentialSchema as LaterCredentialSchema,
  type ProviderProfile as LaterProfile,
  ProviderProfileSchema as LaterProfileSchema,
} from '@openshell-ts/protocol/v0-1'
import { fromLaterEndpoint, toLaterEndpoint } from './policy-words.js'

// Profiles are kept in the messages of line 0.0. What only line 0.1 has is carried in them as unknown fields, and comes back when
// that line reads the bytes; three times of credentials are numbers on the one line and Durations on the other.

const decoding = { recursionLimit: 200 }

/** A profile as line 0.1 writes it. */
export function toLaterProfile(profile: ProviderProfile): LaterProfile {
  const { endpoints, credentials } = profile
  const bytes = toBinary(ProviderProfileSchema, { ...profile, endpoints: [], credentials: [] })
  const later = fromBinary(LaterProfileSchema, bytes, decoding)
  later.endpoints = endpoints.map(toLaterEndpoint)
  later.credentials = credentials.map(toLaterCredential)
  return later
}

/** A profile of line 0.1 as the gateway keeps it. */
export function fromLaterProfile(profile: LaterProfile): ProviderProfile {
  const { endpoints, credentials } = profile
  const bytes = toBinary(LaterProfileSchema, { ...profile, endpoints: [], credentials: [] })
  const kept = fromBinary(ProviderProfileSchema, bytes, decoding)
  kept.endpoints = endpoints.map(fromLaterEndpoint)
  kept.credentials = credentials.map(fromLaterCredential)
  return kept
}

/** One credential of a profile as line 0.1 writes it. */
export function toLaterCredential(credential: ProviderProfileCredential): LaterCredential {
  const later = fromBinary(LaterCredentialSchema, toBinary(ProviderProfileCredentialSchema, credential), decoding)
  const { refresh, tokenGrant } = credential
  if (later.refresh && refresh) {
    later.refresh.refreshBefore ??= toDuration(refresh.refreshBeforeSeconds)
    later.refresh.maxLifetime ??= toDuration(refresh.maxLifetimeSeconds)
    delete later.refresh.$unknown
  }
  if (later.tokenGrant && tokenGrant) {
    later.tokenGrant.cacheTtl ??= toDuration(tokenGrant.cacheTtlSeconds)
    delete later.tokenGrant.$unknown
  }
  return later
}

function fromLaterCredential(credential: LaterCredential): ProviderProfileCredential {
  const bytes = toBinary(LaterCredentialSchema, credential)
  const kept = fromBinary(ProviderProfileCredentialSchema, bytes, decoding)
  const { refresh, tokenGrant } = credential
  if (kept.refresh && refresh) {
    kept.refresh.refreshBeforeSeconds = toSeconds(refresh.refreshBefore)
    kept.refresh.maxLifetimeSeconds = toSeconds(refresh.maxLifetime)
  }
  if (kept.tokenGrant && tokenGrant) kept.tokenGrant.cacheTtlSeconds = toSeconds(tokenGrant.cacheTtl)
  return kept
}

// Rounded down, so that a negative part of a second still counts as negative.
function toSeconds(duration: Duration | undefined): bigint {
  if (!duration) return 0n
  return duration.nanos < 0 ? duration.seconds - 1n : duration.seconds
}

function toDuration(seconds: bigint): Duration | undefined {
  return seconds === 0n ? undefined : durationFromMs(Number(seconds) * 1000)
}
