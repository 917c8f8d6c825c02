import type { RefreshStatus } from '../model/refresh-status.js'
import { RECOVERY_ACTIONS, REFRESH_STRATEGIES, wordOf } from './enum-words.js'

/** The state of a renewal, as far as both lines write it alike. */
export interface WireRefreshStatus {
  readonly providerId: string
  readonly credentialKey: string
  readonly strategy: number
  readonly status: string
  readonly lastError: string
  readonly recoveryAction: number
  readonly failureCode: string
}

/** The times of a renewal, which each line writes in its own way. */
export interface RefreshTimes {
  readonly expiresAt: Date | undefined
  readonly nextRefreshAt: Date | undefined
  readonly lastRefreshAt: Date | undefined
  readonly lastErrorAt: Date | undefined
}

/** Reads the state of a renewal. */
export function readRefreshStatus(
  status: WireRefreshStatus,
  providerName: string,
  { expiresAt, nextRefreshAt, lastRefreshAt, lastErrorAt }: RefreshTimes,
): RefreshStatus {
  return {
    providerName,
    providerId: status.providerId,
    credentialName: status.credentialKey,
    strategy: wordOf(REFRESH_STRATEGIES, status.strategy),
    status: status.status,
    ...(expiresAt ? { expiresAt } : {}),
    ...(nextRefreshAt ? { nextRefreshAt } : {}),
    ...(lastRefreshAt ? { lastRefreshAt } : {}),
    lastError: status.lastError,
    ...(lastErrorAt ? { lastErrorAt } : {}),
    recoveryAction: wordOf(RECOVERY_ACTIONS, status.recoveryAction),
    failureCode: status.failureCode,
  }
}
