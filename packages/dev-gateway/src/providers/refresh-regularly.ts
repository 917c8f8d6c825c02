import type { Logger } from 'pino'
import type { GatewayClock } from '../clock/gateway-clock.js'
import { StatusError } from '../errors/status-error.js'
import { isMintable, type RefreshRecord } from '../records/refresh.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { renew } from './refreshes.js'

/** What credentials are renewed with. */
export interface RefreshContext {
  readonly store: GatewayStore
  readonly clock: GatewayClock
  readonly logger: Logger
}

/** Renews each credential whose time has come, at once and then at every interval, until `signal` aborts. Never rejects. */
export async function refreshRegularly(
  context: RefreshContext,
  intervalMs: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await Promise.all(dueRefreshes(context).map((record) => renewOrLog(context, record)))
    await context.clock.sleep(intervalMs, signal)
  }
}

function dueRefreshes({ store }: RefreshContext): RefreshRecord[] {
  const now = store.now()
  return store.providerRefreshes
    .list()
    .filter(({ value }) => isMintable(value.strategy) && value.nextRefreshAtMs > 0 && value.nextRefreshAtMs <= now)
}

async function renewOrLog({ store, logger }: RefreshContext, record: RefreshRecord): Promise<void> {
  const { providerName } = record.value
  try {
    await renew(store, record)
    logger.info({ provider: providerName, credential: record.name }, 'provider credential refresh completed')
  } catch (error) {
    const reason = error instanceof StatusError ? error.details : 'unexpected error'
    logger.warn({ provider: providerName, credential: record.name, reason }, 'provider credential refresh errored')
  }
}
