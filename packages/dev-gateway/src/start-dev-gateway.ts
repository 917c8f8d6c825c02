import { type Logger, pino } from 'pino'
import type { ApiContext } from './api/v0-0/api-context.js'
import { openShellService } from './api/v0-0/service.js'
import { Authenticator } from './auth/authenticator.js'
import { SandboxTokens } from './auth/sandbox-tokens.js'
import { savedSigningKeys } from './auth/saved-signing-keys.js'
import { generateSigningKeys } from './auth/signing-keys.js'
import type { ComputeContext } from './compute/compute-context.js'
import { connectDriver, type DriverClient } from './compute/driver-client.js'
import { normalizeDriverName } from './compute/driver-name.js'
import { watchDriver } from './compute/driver-watch.js'
import { checkListenerRequirements } from './compute/listener-requirements.js'
import { sweepRegularly } from './compute/reconcile-sweep.js'
import { recoverLifecycle } from './compute/recover-lifecycle.js'
import { SandboxLifecycle } from './compute/sandbox-lifecycle.js'
import { stopAll } from './compute/stop-all.js'
import type { DevGatewayDriver, DevGatewayOptions, DevGatewayTimings } from './gateway-options.js'
import { GatewayStartError } from './gateway-start-error.js'
import { type GrpcListener, listenGrpc } from './server/grpc-listener.js'
import { type HealthListener, listenHealth } from './server/health-listener.js'
import { StatusError } from './server/status-error.js'
import { RelayBroker } from './sessions/relay-broker.js'
import { SessionRegistry } from './sessions/session-registry.js'
import { createGatewayStore } from './store/gateway-store.js'
import { StateDirectory } from './store/state-directory.js'

/** A running development gateway. */
export interface DevGateway extends AsyncDisposable {
  /** Where clients and supervisors connect to, such as `http://127.0.0.1:17670`. */
  readonly endpoint: string
  /** The port of `endpoint`. */
  readonly port: number
  /** The port of the health checks; absent when there are none. */
  readonly healthPort?: number
  /**
   * Ends every call, session and connection, and resolves when nothing is left. A second call waits for the first.
   *
   * Rejects when the driver asked for its sandboxes to be stopped and some could not be; everything is closed then too.
   */
  close(): Promise<void>
}

const defaultTimings: Required<DevGatewayTimings> = {
  driverConnectTimeoutMs: 30_000,
  driverConnectRetryMs: 250,
  watchReopenMs: 2_000,
  sweepIntervalMs: 60_000,
  sweepGraceMs: 300_000,
  sessionWaitMs: 13_100,
  relayClaimMs: 10_000,
  heartbeatMs: 15_000,
}

/**
 * Starts a gateway in this process: connected to its driver and serving when it resolves.
 *
 * @throws GatewayStartError when the driver cannot be reached or refuses, or a port is taken.
 */
export async function startDevGateway(options: DevGatewayOptions): Promise<DevGateway> {
  const driverOptions = onlyDriver(options.drivers)
  const logger = options.logger ?? pino({ level: 'silent' })
  const timings = { ...defaultTimings, ...options.timings }
  const aborter = new AbortController()
  const driver = await connect(driverOptions, timings)
  try {
    return await startWith(driver, driverOptions.name, { options, logger, timings, aborter })
  } catch (error) {
    driver.close()
    throw toStartError(error)
  }
}

interface Start {
  readonly options: DevGatewayOptions
  readonly logger: Logger
  readonly timings: Required<DevGatewayTimings>
  readonly aborter: AbortController
}

async function startWith(driver: DriverClient, driverName: string, start: Start): Promise<DevGateway> {
  const { options, logger, timings, aborter } = start
  const capabilities = await driver.call('getCapabilities', {})
  const sessions = new SessionRegistry()
  const now = options.now ?? Date.now
  const tokens = createTokens(options, now)
  const { stateDirectory } = options
  const compute: ComputeContext = {
    store: createGatewayStore(now, stateDirectory === undefined ? undefined : new StateDirectory(stateDirectory)),
    driver,
    driverName,
    defaultImage: capabilities.defaultImage,
    sessions,
    tokens,
    logger,
  }
  const relays = new RelayBroker({
    sessions,
    sessionWaitMs: timings.sessionWaitMs,
    claimTimeoutMs: timings.relayClaimMs,
  })
  const api: ApiContext = {
    ...compute,
    version: options.version ?? '0.0.111',
    driverInfo: { driverName: capabilities.driverName, driverVersion: capabilities.driverVersion },
    lifecycle: new SandboxLifecycle(compute),
    relays,
    heartbeatMs: timings.heartbeatMs,
  }
  const listeners = await listen(api, options, logger)
  try {
    await checkListenerRequirements(driver, driverName, listeners.grpc.port)
    await recoverLifecycle(compute, capabilities.gatewayManagesLifecycle)
  } catch (error) {
    await closeListeners(listeners)
    throw error
  }
  const background = Promise.all([
    watchDriver(compute, timings.watchReopenMs, aborter.signal),
    sweepRegularly(compute, { intervalMs: timings.sweepIntervalMs, graceMs: timings.sweepGraceMs }, aborter.signal),
  ])
  logger.info({ driver: driverName, port: listeners.grpc.port }, 'Gateway listener bound')
  const close = once(async () => {
    const stopped = capabilities.gatewayManagesLifecycle ? stopAll(compute) : Promise.resolve()
    const failure = await stopped.then(
      () => undefined,
      (error: unknown) => error,
    )
    aborter.abort()
    sessions.endAll()
    relays.close()
    await closeListeners(listeners)
    driver.close()
    await background
    if (failure !== undefined) throw failure
  })
  return {
    endpoint: `http://127.0.0.1:${listeners.grpc.port}`,
    port: listeners.grpc.port,
    ...(listeners.health && { healthPort: listeners.health.port }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function onlyDriver(drivers: readonly DevGatewayDriver[]): DevGatewayDriver {
  const named = drivers.map(({ name, socketPath }) => ({ name: checkedName(name), socketPath }))
  const [driver, ...others] = named
  if (!driver) {
    throw new GatewayStartError(
      'configuration',
      'No compute driver is given; name one and the socket that it listens on.',
    )
  }
  if (others.length === 0) return driver
  const names = named.map(({ name }) => name).join(',')
  throw new GatewayStartError(
    'configuration',
    `multiple compute drivers are not supported yet; configured drivers: ${names}`,
  )
}

function checkedName(name: string): string {
  try {
    return normalizeDriverName(name)
  } catch (error) {
    throw new GatewayStartError('configuration', error instanceof Error ? error.message : String(error))
  }
}

async function connect({ socketPath }: DevGatewayDriver, timings: Required<DevGatewayTimings>): Promise<DriverClient> {
  try {
    return await connectDriver({
      socketPath,
      timeoutMs: timings.driverConnectTimeoutMs,
      retryMs: timings.driverConnectRetryMs,
    })
  } catch (error) {
    throw toStartError(error)
  }
}

function createTokens({ auth = {}, stateDirectory }: DevGatewayOptions, now: () => number): SandboxTokens | undefined {
  if (auth.sandboxTokens === false) return undefined
  return new SandboxTokens({
    keys: auth.signingKeys ?? (stateDirectory === undefined ? generateSigningKeys() : savedSigningKeys(stateDirectory)),
    gatewayId: auth.gatewayId ?? 'openshell',
    lifetimeSeconds: auth.tokenLifetimeSeconds ?? 0,
    now,
  })
}

interface Listeners {
  readonly grpc: GrpcListener
  readonly health: HealthListener | undefined
}

async function listen(api: ApiContext, options: DevGatewayOptions, logger: Logger): Promise<Listeners> {
  const authenticator = new Authenticator({
    tokens: api.tokens,
    allowUnauthenticatedUsers: options.auth?.allowUnauthenticatedUsers ?? true,
  })
  const grpc = await listenGrpc([openShellService(api)], options.port ?? 0, {
    authenticate: (method, metadata) => authenticator.authenticate(method, metadata),
    logger,
  })
  try {
    return { grpc, health: options.healthPort === undefined ? undefined : await listenHealth(options.healthPort) }
  } catch (error) {
    grpc.close()
    throw error
  }
}

async function closeListeners({ grpc, health }: Listeners): Promise<void> {
  grpc.close()
  await health?.close()
}

function toStartError(error: unknown): GatewayStartError {
  if (error instanceof GatewayStartError) return error
  if (error instanceof StatusError) {
    return new GatewayStartError('execution', `failed to create compute runtime: ${error.details}`, { cause: error })
  }
  return new GatewayStartError('execution', error instanceof Error ? error.message : String(error), { cause: error })
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined
  return () => {
    result ??= action()
    return result
  }
}
