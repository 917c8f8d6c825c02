import { type Logger, pino } from 'pino'
import type { ApiContext } from '../api/api-context.js'
import { systemClock } from '../clock/gateway-clock.js'
import { watchDriver } from '../compute/driver-watch.js'
import { checkListenerRequirements } from '../compute/listener-requirements.js'
import { negotiateDriver } from '../compute/negotiate-driver.js'
import { sweepRegularly } from '../compute/reconcile-sweep.js'
import { recoverLifecycle } from '../compute/recover-lifecycle.js'
import { stopAll } from '../compute/stop-all.js'
import type { DriverClient } from '../driver/driver-client.js'
import { GatewayStartError } from '../errors/gateway-start-error.js'
import { StatusError } from '../errors/status-error.js'
import type { FaultList } from '../faults/fault-list.js'
import { faultyDriver } from '../faults/faulty-driver.js'
import { refreshRegularly } from '../providers/refresh-regularly.js'
import { SimulatedCompute } from '../simulated-driver/simulated-compute.js'
import type { CallLedger } from '../strict/call-ledger.js'
import { KnownSecrets } from '../trace/known-secrets.js'
import { traceDriver } from '../trace/traced-driver.js'
import { defaultVersions } from '../wire/wire-line.js'
import { chooseDriver } from './choose-driver.js'
import { type GatewayListeners, openListeners } from './gateway-listeners.js'
import type { DevGatewayOptions, DevGatewayTimings } from './gateway-options.js'
import { createGatewayParts } from './gateway-parts.js'
import { openDriver } from './open-driver.js'

/** Options with what stays over restarts. */
export type RunOptions = DevGatewayOptions &
  Required<Pick<DevGatewayOptions, 'drivers'>> & { readonly faultList: FaultList; readonly ledger: CallLedger }

/** One life of a gateway, from its start to its end; a restart begins another one. */
export interface GatewayRun {
  readonly parts: ApiContext
  readonly listeners: GatewayListeners
  /** Ends it, as a signal ends a process: rejects when sandboxes that had to be stopped could not be. */
  stop(): Promise<void>
  /** Ends it without a last word to anybody, as a process that is killed. */
  kill(): Promise<void>
}

const defaultTimings: Required<DevGatewayTimings> = {
  driverConnectTimeoutMs: 30_000,
  driverConnectRetryMs: 250,
  watchReopenMs: 2_000,
  sweepIntervalMs: 60_000,
  sweepGraceMs: 300_000,
  mainProcessRestartMs: 1_000,
  configurationRepairMs: 0,
  sessionWaitMs: 13_100,
  relayClaimMs: 10_000,
  heartbeatMs: 15_000,
  relayHalfOpenMs: 600_000,
}

/**
 * Starts a gateway: connected to its driver and serving when it resolves. `earlier` is the run that it follows, whose state
 * and certificates it goes on with.
 *
 * @throws GatewayStartError when the driver cannot be reached or refuses, a port is taken, or kept state cannot be read.
 */
export async function startRun(options: RunOptions, earlier?: GatewayRun): Promise<GatewayRun> {
  const timings = { ...defaultTimings, ...options.timings }
  const { name, driver: chosen } = chooseDriver(options.drivers)
  const secrets = new KnownSecrets()
  let driver: DriverClient | undefined
  try {
    const open = await openDriver(chosen, timings, options)
    const faulty = faultyDriver(open, options.faultList, options.clock ?? systemClock)
    // Outside of the faults, so that a trace shows what the gateway is told.
    driver = options.trace ? traceDriver(faulty, { trace: options.trace, secrets }) : faulty
    const embedded = chosen instanceof SimulatedCompute ? chosen : undefined
    return await startWith({ driver, driverName: name, embedded, options, timings, earlier, secrets })
  } catch (error) {
    await driver?.close()
    throw toStartError(error)
  }
}

interface RunInput {
  readonly driver: DriverClient
  readonly driverName: string
  /** The driver itself when it lives in the gateway: it works with the gateway's parts. */
  readonly embedded: SimulatedCompute | undefined
  readonly options: RunOptions
  readonly timings: Required<DevGatewayTimings>
  readonly earlier: GatewayRun | undefined
  /** What no trace shows. */
  readonly secrets: KnownSecrets
}

async function startWith(input: RunInput): Promise<GatewayRun> {
  const { driver, driverName, embedded, options, timings, earlier, secrets } = input
  const logger: Logger = options.logger ?? pino({ level: 'silent' })
  const { line = '0.0', version = defaultVersions[line], admission = {} } = options
  const negotiated = await negotiateDriver(driver, {
    line,
    version,
    driverName,
    admission,
    embedded: embedded !== undefined,
  })
  const { gatewayManagesLifecycle } = negotiated.capabilities
  const earlierStore = earlier?.parts.store
  const parts = createGatewayParts({ options, timings, driver, driverName, negotiated, version, logger, earlierStore })
  secrets.watch(parts.store)
  const listeners = await openListeners(parts, options, {
    logger,
    faults: options.faultList,
    ledger: options.ledger,
    earlierTls: earlier?.listeners.tls,
    secrets,
  })
  const { port } = listeners.grpc
  try {
    embedded?.attach(parts)
    // Drivers of line 0.1 have no say in where the gateway listens.
    if (line === '0.0') await checkListenerRequirements(driver, driverName, port)
    await recoverLifecycle(parts, gatewayManagesLifecycle)
    parts.restarts.resume()
    parts.provisioning.resume()
    listeners.health?.markReady()
  } catch (error) {
    await listeners.close()
    throw error
  }
  logger.info({ driver: driverName, port }, 'Gateway listener bound')
  const kill = runBackground(parts, listeners, timings)
  return {
    parts,
    listeners,
    kill,
    async stop() {
      try {
        if (gatewayManagesLifecycle) await stopAll(parts)
      } finally {
        await kill()
      }
    },
  }
}

/** Starts what runs beside the calls, and returns what cuts everything. */
function runBackground(
  parts: ApiContext,
  listeners: GatewayListeners,
  timings: Required<DevGatewayTimings>,
): () => Promise<void> {
  const aborter = new AbortController()
  const sweepTimes = { intervalMs: timings.sweepIntervalMs, graceMs: timings.sweepGraceMs }
  const background = Promise.all([
    watchDriver(parts, timings.watchReopenMs, aborter.signal),
    sweepRegularly(parts, sweepTimes, aborter.signal),
    refreshRegularly(parts, timings.sweepIntervalMs, aborter.signal),
  ])
  return async () => {
    // What calls do on their way out is no state of a gateway that has ended.
    parts.store.close()
    parts.restarts.close()
    parts.provisioning.close()
    aborter.abort()
    await listeners.close()
    parts.sessions.endAll()
    parts.relays.close()
    await Promise.all([parts.driver.close(), background])
  }
}

function toStartError(error: unknown): GatewayStartError {
  if (error instanceof GatewayStartError) return error
  if (error instanceof StatusError) {
    return new GatewayStartError('execution', `failed to create compute runtime: ${error.details}`, { cause: error })
  }
  return new GatewayStartError('execution', error instanceof Error ? error.message : String(error), { cause: error })
}
