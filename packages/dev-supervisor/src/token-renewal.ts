import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { SandboxToken } from './sandbox-token.js'

/** What keeping the token fresh needs. */
export interface TokenRenewalOptions {
  readonly token: SandboxToken
  /** Asks the gateway for a new token. */
  readonly renew: () => Promise<string>
  readonly logger: Logger
  /** Ends the renewals. */
  readonly signal: AbortSignal
}

const SHORTEST_MS = 1_000
const LONGEST_MS = 12 * 60 * 60 * 1000
const RETRY_MS = 10_000

/** Renews the token each time that 80 % of its life is over, until the signal aborts. A token that never expires is left alone. */
export async function keepTokenFresh({ token, renew, logger, signal }: TokenRenewalOptions): Promise<void> {
  let wait = renewalDelayMs(token, Date.now())
  while (wait !== undefined && !signal.aborted) {
    await delay(wait, undefined, { signal, ref: false }).catch(() => {})
    if (signal.aborted) return
    try {
      token.replace(await renew())
      logger.debug('sandbox token renewed')
      wait = renewalDelayMs(token, Date.now())
    } catch (error) {
      logger.warn(
        { reason: error instanceof Error ? error.message : 'unknown' },
        'sandbox token not renewed; trying again',
      )
      wait = RETRY_MS
    }
  }
}

/**
 * When to renew, in milliseconds from now: 80 % of the remaining life, at least 1 s and at most 12 h, and up to 9 % of that
 * on top, so that sandboxes do not all come at once. `undefined` for a token without an expiry.
 */
export function renewalDelayMs(token: SandboxToken, nowMs: number): number | undefined {
  const expiresAtMs = token.expiresAtMs()
  if (expiresAtMs === undefined) return undefined
  const base = Math.min(Math.max((expiresAtMs - nowMs) * 0.8, SHORTEST_MS), LONGEST_MS)
  return base + (base * token.spread()) / 100
}
