import type { GetCapabilitiesResponse } from '@openshell-ts/protocol/compute'
import type { ComputeContext } from '../compute/compute-context.js'
import type { MainProcessRestarts } from '../compute/main-process-restarts.js'
import type { ProvisioningTimeouts } from '../compute/provisioning-timeouts.js'
import type { SandboxLifecycle } from '../compute/sandbox-lifecycle.js'
import type { RelayBroker } from '../sessions/relay-broker.js'
import type { SshSessions } from '../sessions/ssh-sessions.js'

/** Where clients reach the gateway. */
export interface GatewayAddress {
  host: string
  port: number
  scheme: 'http' | 'https'
}

/** What the handlers of the public API and of the supervisor API work with. */
export interface ApiContext extends ComputeContext {
  /** What `Health` and `GetGatewayInfo` report as the gateway's version. */
  readonly version: string
  /** What the driver said about itself at start. */
  readonly capabilities: GetCapabilitiesResponse
  readonly lifecycle: SandboxLifecycle
  readonly restarts: MainProcessRestarts
  readonly provisioning: ProvisioningTimeouts
  readonly relays: RelayBroker
  /** How often supervisors hear from the gateway, in milliseconds. */
  readonly heartbeatMs: number
  /** How long nothing may move on a relay one of whose sides has ended, in milliseconds. */
  readonly relayHalfOpenMs: number
  readonly sshSessions: SshSessions
  /** Where the gateway listens; known from the moment at which it does. */
  readonly address: GatewayAddress
}
