import type { Gateway } from '../transport/gateway.js'
import type { Logger } from '../transport/logger.js'
import type { FailedCreates } from './failed-creates.js'

/** What everything that belongs to one client shares. */
export interface ClientContext {
  readonly gateway: Gateway
  /** Whether requests are checked before they are sent. */
  readonly clientChecks: 'on' | 'off'
  readonly logger: Logger | undefined
  /** The key that the caller gave for the active driver; absent means: ask the gateway. */
  readonly activeDriver: string | undefined
  /** The creates that failed, for hints. */
  readonly failedCreates: FailedCreates
}
