import type { Logger } from 'pino'
import type { ApiContext } from '../api/api-context.js'
import { SandboxTokens } from '../auth/sandbox-tokens.js'
import { savedSigningKeys } from '../auth/saved-signing-keys.js'
import { generateSigningKeys, type SigningKeys } from '../auth/signing-keys.js'
import { systemClock } from '../clock/gateway-clock.js'
import type { ComputeContext } from '../compute/compute-context.js'
import { MainProcessRestarts } from '../compute/main-process-restarts.js'
import type { NegotiatedDriver } from '../compute/negotiate-driver.js'
import { ProvisioningTimeouts } from '../compute/provisioning-timeouts.js'
import { SandboxLifecycle } from '../compute/sandbox-lifecycle.js'
import type { DriverClient } from '../driver/driver-client.js'
import { RelayBroker } from '../sessions/relay-broker.js'
import { SessionRegistry } from '../sessions/session-registry.js'
import { SshSessions } from '../sessions/ssh-sessions.js'
import { createGatewayStore, type GatewayStore } from '../store/gateway-store.js'
import { StateDirectory } from '../store/state-directory.js'
import type { DevGatewayOptions, DevGatewayTimings } from './gateway-options.js'

/** What a gateway is put together from. */
export interface GatewayPartsInput {
  readonly options: DevGatewayOptions
  readonly timings: Required<DevGatewayTimings>
  readonly driver: DriverClient
  /** The name as a key. */
  readonly driverName: string
  /** What gateway and driver agreed on. */
  readonly negotiated: NegotiatedDriver
  /** The version that the gateway reports. */
  readonly version: string
  readonly logger: Logger
  /** What an earlier run in this process knew. */
  readonly earlierStore?: GatewayStore | undefined
}

/** Puts a gateway together: nothing runs yet, and nothing was sent. */
export function createGatewayParts(input: GatewayPartsInput): ApiContext {
  const { options, timings, version } = input
  const { capabilities } = input.negotiated
  const sessions = new SessionRegistry()
  const compute = createComputeContext(input, sessions)
  const lifecycle = new SandboxLifecycle(compute)
  return {
    ...compute,
    version,
    capabilities,
    lifecycle,
    restarts: new MainProcessRestarts(compute, lifecycle, timings.mainProcessRestartMs),
    provisioning: new ProvisioningTimeouts(compute, timings.configurationRepairMs),
    relays: new RelayBroker({
      sessions,
      sessionWaitMs: timings.sessionWaitMs,
      claimTimeoutMs: timings.relayClaimMs,
    }),
    heartbeatMs: timings.heartbeatMs,
    relayHalfOpenMs: timings.relayHalfOpenMs,
    sshSessions: new SshSessions({
      sandboxes: compute.store.sandboxes,
      lifetimeSeconds: options.auth?.sshSessionLifetimeSeconds ?? 86_400,
      now: compute.store.now,
    }),
    address: { host: '127.0.0.1', port: options.port ?? 0, scheme: 'http' },
  }
}

function createComputeContext(input: GatewayPartsInput, sessions: SessionRegistry): ComputeContext {
  const { options, driver, driverName, negotiated, logger } = input
  const { clock = systemClock } = options
  const now = () => clock.now()
  const { stateDirectory } = options
  return {
    store: createGatewayStore(now, {
      directory: stateDirectory === undefined ? undefined : new StateDirectory(stateDirectory),
      earlier: input.earlierStore,
    }),
    driver,
    driverName,
    defaultImage: negotiated.capabilities.defaultImage,
    rules: negotiated.rules,
    sessions,
    clock,
    tokens: createTokens(options, now),
    logger,
  }
}

function createTokens(options: DevGatewayOptions, now: () => number): SandboxTokens | undefined {
  const { auth = {} } = options
  if (auth.sandboxTokens === false) return undefined
  return new SandboxTokens({
    keys: auth.signingKeys ?? ownKeys(options.stateDirectory),
    gatewayId: auth.gatewayId ?? 'openshell',
    lifetimeSeconds: auth.tokenLifetimeSeconds ?? 0,
    now,
  })
}

function ownKeys(stateDirectory: string | undefined): SigningKeys {
  return stateDirectory === undefined ? generateSigningKeys() : savedSigningKeys(stateDirectory)
}
