import type { Logger } from 'pino'
import type { SandboxTokens } from '../auth/sandbox-tokens.js'
import type { GatewayClock } from '../clock/gateway-clock.js'
import type { DriverClient } from '../driver/driver-client.js'
import type { SessionRegistry } from '../sessions/session-registry.js'
import type { GatewayStore } from '../store/gateway-store.js'
import type { ComputeRules } from './compute-rules.js'

/** What the work on sandboxes needs to know. */
export interface ComputeContext {
  readonly store: GatewayStore
  readonly driver: DriverClient
  /** The configured name of the driver: the key of its block. */
  readonly driverName: string
  /** What an empty image becomes; may be empty too. */
  readonly defaultImage: string
  readonly rules: ComputeRules
  readonly sessions: SessionRegistry
  readonly clock: GatewayClock
  /** Absent when the gateway issues no sandbox tokens. */
  readonly tokens: SandboxTokens | undefined
  readonly logger: Logger
}
