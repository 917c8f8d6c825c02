import type { StoredRecord } from './stored-record.js'

// In the order of their numbers on the wire, from 1.
const strategies = [
  'static',
  'external',
  'oauth2_refresh_token',
  'oauth2_client_credentials',
  'google_service_account_jwt',
  'aws_sts_assume_role',
] as const

/** How a credential is renewed. */
export type RefreshStrategy = (typeof strategies)[number]

/** The strategy that has this number on the wire; `undefined` for 0 and for numbers of later gateways. */
export function refreshStrategyOf(wireNumber: number): RefreshStrategy | undefined {
  return strategies[wireNumber - 1]
}

/** The number that a strategy has on the wire. */
export function wireNumberOf(strategy: RefreshStrategy): number {
  return strategies.indexOf(strategy) + 1
}

/** The renewal of one credential. Its record's scope is its provider's id, and its name the credential's. */
export interface Refresh {
  readonly workspace: string
  readonly providerName: string
  readonly strategy: RefreshStrategy
  /** What the renewal needs, secrets among it. */
  readonly material: Readonly<Record<string, string>>
  /** Where tokens come from; empty when no profile names it. */
  readonly tokenUrl: string
  readonly scopes: readonly string[]
  /** How long before its end a credential is renewed; 0 for 5 minutes. */
  readonly refreshBeforeSeconds: number
  /** The longest life that a renewed credential is given; 0 for an hour. */
  readonly maxLifetimeSeconds: number
  readonly status: 'configured' | 'refreshed' | 'error'
  readonly lastError: string
  /** When that was, in milliseconds since 1970; absent or 0 without one. */
  readonly lastErrorAtMs?: number
  /** Milliseconds since 1970; 0 for never or unknown. */
  readonly expiresAtMs: number
  readonly nextRefreshAtMs: number
  readonly lastRefreshAtMs: number
}

/** A renewal as it is kept. */
export type RefreshRecord = StoredRecord<Refresh>

const mintable: ReadonlySet<RefreshStrategy> = new Set([
  'oauth2_refresh_token',
  'oauth2_client_credentials',
  'google_service_account_jwt',
  'aws_sts_assume_role',
])
const defaultRefreshBeforeSeconds = 300

/** True for a strategy by which the gateway itself gets new credentials. */
export function isMintable(strategy: RefreshStrategy): boolean {
  return mintable.has(strategy)
}

/** When a credential that ends then is to be renewed; 0 for one whose end is not known. */
export function nextRefreshAtMs(expiresAtMs: number, refreshBeforeSeconds: number): number {
  if (expiresAtMs <= 0) return 0
  return expiresAtMs - (refreshBeforeSeconds > 0 ? refreshBeforeSeconds : defaultRefreshBeforeSeconds) * 1000
}
