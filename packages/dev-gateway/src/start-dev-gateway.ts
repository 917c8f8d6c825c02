import { pino } from 'pino'
import type { ApiContext } from './api/api-context.js'
import { chooseDriver } from './choose-driver.js'
import { watchDriver } from './compute/driver-watch.js'
import { checkListenerRequirements } from './compute/listener-requirements.js'
import { negotiateDriver } from './compute/negotiate-driver.js'
import { sweepRegularly } from './compute/reconcile-sweep.js'
import { recoverLifecycle } from './compute/recover-lifecycle.js'
import { stopAll } from './compute/stop-all.js'
import { type GatewayListeners, openListeners } from './gateway-listeners.js'
import type { DevGatewayOptions, DevGatewayTimings } from './gateway-options.js'
import { createGatewayParts } from './gateway-parts.js'
import { GatewayStartError } from './gateway-start-error.js'
import { type OpenDriver, openDriver } from './open-driver.js'
import { refreshRegularly } from './providers/refresh-regularly.js'
import { StatusError } from './server/status-error.js'
import { createSimulatedDriver } from './simulated-driver/simulated-driver.js'
import type { DevGatewayClientTls } from './tls/gateway-tls.js'
import { defaultVersions } from './wire-line.js'

/** A running development gateway. */
export interface DevGateway extends AsyncDisposable {
  /** Where clients and supervisors connect to, such as `http://127.0.0.1:17670`, or `https://…` with `tls`. */
  readonly endpoint: string
  /** The port of `endpoint`. */
  readonly port: number
  /** What a client needs to connect; absent for plaintext, and for certificates from elsewhere. */
  readonly tls?: DevGatewayClientTls
  /** The folder that holds `tls` as the files `ca.crt`, `tls.crt` and `tls.key`; absent when they are not kept. */
  readonly tlsDirectory?: string
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
  relayHalfOpenMs: 600_000,
}

/**
 * Starts a gateway in this process: connected to its driver and serving when it resolves.
 *
 * @throws GatewayStartError when the driver cannot be reached or refuses, a port is taken, or kept state cannot be read.
 */
export async function startDevGateway(options: DevGatewayOptions = {}): Promise<DevGateway> {
  const timings = { ...defaultTimings, ...options.timings }
  const { name, driver: chosen } = chooseDriver(options.drivers ?? [createSimulatedDriver()])
  let driver: OpenDriver | undefined
  try {
    driver = await openDriver(chosen, timings, options)
    return await startWith(driver, name, options, timings)
  } catch (error) {
    driver?.close()
    throw toStartError(error)
  }
}

async function startWith(
  driver: OpenDriver,
  driverName: string,
  options: DevGatewayOptions,
  timings: Required<DevGatewayTimings>,
): Promise<DevGateway> {
  const logger = options.logger ?? pino({ level: 'silent' })
  const { line = '0.0', version = defaultVersions[line], admission = {} } = options
  const negotiated = await negotiateDriver(driver, { line, version, driverName, admission })
  const { gatewayManagesLifecycle } = negotiated.capabilities
  const parts = createGatewayParts({ options, timings, driver, driverName, negotiated, version, logger })
  const listeners = await openListeners(parts, options, logger)
  const { port } = listeners.grpc
  try {
    driver.attach?.(parts)
    // Drivers of line 0.1 have no say in where the gateway listens.
    if (line === '0.0') await checkListenerRequirements(driver, driverName, port)
    await recoverLifecycle(parts, gatewayManagesLifecycle)
    listeners.health?.markReady()
  } catch (error) {
    await listeners.close()
    throw error
  }
  logger.info({ driver: driverName, port }, 'Gateway listener bound')
  const { tls } = listeners
  const close = onlyOnce(run(parts, listeners, timings, gatewayManagesLifecycle))
  return {
    endpoint: `${parts.address.scheme}://127.0.0.1:${port}`,
    port,
    ...(tls?.client && { tls: tls.client }),
    ...(tls?.clientDirectory !== undefined && { tlsDirectory: tls.clientDirectory }),
    ...(listeners.health && { healthPort: listeners.health.port }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Starts what runs beside the calls, and returns what ends the gateway. */
function run(
  parts: ApiContext,
  listeners: GatewayListeners,
  timings: Required<DevGatewayTimings>,
  gatewayManagesLifecycle: boolean,
): () => Promise<void> {
  const aborter = new AbortController()
  const sweepTimes = { intervalMs: timings.sweepIntervalMs, graceMs: timings.sweepGraceMs }
  const background = Promise.all([
    watchDriver(parts, timings.watchReopenMs, aborter.signal),
    sweepRegularly(parts, sweepTimes, aborter.signal),
    refreshRegularly(parts, timings.sweepIntervalMs, aborter.signal),
  ])
  return async () => {
    try {
      if (gatewayManagesLifecycle) await stopAll(parts)
    } finally {
      aborter.abort()
      parts.sessions.endAll()
      parts.relays.close()
      await listeners.close()
      parts.driver.close()
      await background
    }
  }
}

function toStartError(error: unknown): GatewayStartError {
  if (error instanceof GatewayStartError) return error
  if (error instanceof StatusError) {
    return new GatewayStartError('execution', `failed to create compute runtime: ${error.details}`, { cause: error })
  }
  return new GatewayStartError('execution', error instanceof Error ? error.message : String(error), { cause: error })
}

function onlyOnce(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined
  return () => {
    result ??= action()
    return result
  }
}
