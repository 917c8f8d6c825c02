import { setTimeout as pause } from 'node:timers/promises'
import { status as codes } from '@grpc/grpc-js'
import type { FaultCall } from '@openshell-ts/driver-config'
import type { DriverSandbox } from '@openshell-ts/protocol/compute'
import { checkConfig, reportingDriver } from '../contract/config-check.js'
import type { ConfigGate } from '../contract/config-gate.js'
import { toConfigStatus } from '../contract/config-status.js'
import { readSandboxRequest, type SandboxRequest } from '../contract/requested-sandbox.js'
import { fitList } from '../contract/snapshot.js'
import { StatusError } from '../contract/status-error.js'
import { checkSupported } from '../contract/supported-request.js'
import type { Driver } from '../driver/driver.js'
import { type DriverLogger, withFields } from '../driver/driver-logger.js'
import type { SettingDefinitions, SettingValues } from '../driver/driver-settings.js'
import { authenticateSandbox } from './authenticate-sandbox.js'
import { callHandler } from './call-handler.js'
import { createSandbox } from './create-sandbox.js'
import { deleteSandbox } from './delete-sandbox.js'
import type { LaunchMaterial } from './handler-contexts.js'
import type { LazySignal } from './lazy-signal.js'
import type { OperationParts } from './operation-parts.js'
import { Reaper } from './reaper.js'
import { RecordWriter } from './record-writer.js'
import { recover } from './recover.js'
import { Registry, type SandboxReference } from './registry.js'
import type { SandboxStore } from './sandbox-store.js'
import { startSandbox } from './start-sandbox.js'
import { StateReporter } from './state-reporter.js'
import { stopSandbox } from './stop-sandbox.js'
import { ValidateCall } from './validate-call.js'
import type { WatchFeed } from './watch-feed.js'
import { WatchHub } from './watch-hub.js'
import { runWatchLoop } from './watch-loop.js'

/** What an engine is made of. */
export interface DriverEngineOptions {
  readonly driver: Driver
  readonly settings: SettingValues<SettingDefinitions>
  readonly store: SandboxStore
  readonly gate: ConfigGate
  readonly logger: DriverLogger
  readonly abortGraceMs: number
  readonly watchBacklogLimit: number
}

/** Everything that a driver does apart from the wire: one engine a process, one lane a sandbox. */
export class DriverEngine {
  readonly #parts: OperationParts
  readonly #gate: ConfigGate
  readonly #stopped = new AbortController()
  readonly #recovered: Promise<void>
  #hasRecovered = false
  #settleRecovery: (recovery: Promise<void>) => void = () => undefined
  #failRecovery: (reason: StatusError) => void = () => undefined
  #watching: Promise<void> = Promise.resolve()

  /** Operations that need what an earlier process left wait until `recover` has settled. */
  constructor({ driver, settings, store, gate, logger, abortGraceMs, watchBacklogLimit }: DriverEngineOptions) {
    const registry = new Registry()
    const writer = new RecordWriter(store, logger)
    const hub = new WatchHub({ snapshot: () => this.#snapshot(), backlogLimit: watchBacklogLimit })
    const reporter = new StateReporter(hub, writer)
    const reaper = new Reaper()
    this.#parts = { driver, settings, logger, store, registry, hub, writer, reporter, reaper, abortGraceMs }
    this.#gate = gate
    this.#recovered = new Promise((resolve, reject) => {
      this.#settleRecovery = resolve
      this.#failRecovery = reject
    })
    // `recover` reports it; operations that wait for it fail on their own.
    this.#recovered.catch(() => undefined)
  }

  /** Takes up what an earlier process left, then watches. Rejects when the driver cannot serve. */
  async recover(): Promise<void> {
    const recovery = recover(this.#parts)
    this.#settleRecovery(recovery)
    await recovery
    this.#hasRecovered = true
    this.#watching = runWatchLoop(this.#parts, this.#stopped.signal)
  }

  /** Refuses what the driver cannot do; without side effects. A promise only when something takes time. */
  validate(message: DriverSandbox | undefined, cancelled: LazySignal): Promise<void> | void {
    const { driver, settings, logger } = this.#parts
    const { request, config } = this.#check(message, 'validate')
    const { sandbox } = request
    const context = new ValidateCall({
      settings,
      logger: withFields(logger, { sandboxId: sandbox.id }),
      config: config.value,
      cancelled,
    })
    const validate = () => callHandler(this.#parts, 'validate', cancelled, () => driver.validate?.(sandbox, context))
    return this.#takesConfig ? this.#checkResources(config.value, 'validate', cancelled).then(validate) : validate()
  }

  /** Creates a sandbox. Resolves with its runtime identity. */
  async create(message: DriverSandbox | undefined): Promise<string> {
    await this.#recovered
    const { request, config } = this.#check(message, 'create')
    if (this.#takesConfig) await this.#checkResources(config.value, 'create')
    await createSandbox(this.#parts, request, config)
    return this.#runtimeIdentity(request.sandbox.id)
  }

  /** One sandbox as it is now; a promise only until the recovery has settled. */
  get(reference: SandboxReference): DriverSandbox | Promise<DriverSandbox> {
    return this.#afterRecovery(() => this.#parts.registry.require(reference).snapshot)
  }

  /** All sandboxes as they are now; a promise only until the recovery has settled. */
  list(): readonly DriverSandbox[] | Promise<readonly DriverSandbox[]> {
    return this.#afterRecovery(() => fitList([...this.#snapshot()]))
  }

  /** Stops a sandbox. */
  async stop(reference: SandboxReference): Promise<void> {
    await this.#recovered
    await stopSandbox(this.#parts, this.#parts.registry.require(reference))
  }

  /** Starts a sandbox again. Resolves with its runtime identity. */
  async start(reference: SandboxReference, material: LaunchMaterial): Promise<string> {
    await this.#recovered
    const entry = this.#parts.registry.require(reference)
    this.#gate.check(entry.record.driverConfig?.config)
    await startSandbox(this.#parts, entry, material)
    return this.#runtimeIdentity(entry.id)
  }

  /** Deletes a sandbox. Resolves with whether there was one. */
  async delete(reference: SandboxReference): Promise<boolean> {
    await this.#recovered
    const entry = this.#parts.registry.find(reference)
    return entry === undefined ? false : deleteSandbox(this.#parts, entry)
  }

  /** Finds the sandbox of a credential. Resolves with its id and its runtime identity. */
  async authenticate(
    credential: string,
    cancelled: LazySignal,
  ): Promise<{ sandboxId: string; runtimeIdentity: string }> {
    await this.#recovered
    const { id } = await authenticateSandbox(this.#parts, credential, cancelled)
    return { sandboxId: id, runtimeIdentity: this.#runtimeIdentity(id) }
  }

  /** Prepares a workspace, or removes what it has; a driver without the handler has nothing to do. */
  async workspace(
    handler: 'ensureWorkspace' | 'deleteWorkspace',
    workspace: string,
    cancelled: LazySignal,
  ): Promise<void> {
    if (workspace === '') throw new StatusError(codes.INVALID_ARGUMENT, 'workspace is required')
    const { driver, settings, logger } = this.#parts
    if (driver[handler] === undefined) return
    const context = { settings, logger: withFields(logger, { workspace }), signal: cancelled.signal }
    await callHandler(this.#parts, handler, cancelled, () => driver[handler]?.(workspace, context))
  }

  /** All sandboxes as they are now, and then every change. */
  async watch(): Promise<WatchFeed> {
    await this.#recovered
    return this.#parts.hub.subscribe()
  }

  /** Ends all watches; operations go on. */
  endWatches(): void {
    this.#parts.hub.close()
  }

  /** Ends everything that runs in the background, stores what is not stored yet, and gives the store up. */
  async close(): Promise<void> {
    this.#stopped.abort()
    this.#parts.hub.close()
    this.#parts.reaper.close()
    this.#failRecovery(new StatusError(codes.UNAVAILABLE, 'the driver is shutting down'))
    await this.#recovered.catch(() => undefined)
    // A watch that ignores its signal must not keep the driver from ending.
    await Promise.race([this.#watching, pause(this.#parts.abortGraceMs, undefined, { ref: false })])
    await this.#parts.writer.flush()
    await this.#parts.store.close()
  }

  #check(message: DriverSandbox | undefined, call: FaultCall) {
    const { driver, settings } = this.#parts
    const capabilities = driver.capabilities ?? {}
    const request: SandboxRequest = readSandboxRequest(message, capabilities)
    checkSupported(request.sandbox, capabilities, driver.name)
    this.#gate.check(request.block)
    const config = checkConfig(driver, request.block, request.sandbox, settings)
    if (!config.ok) throw toConfigStatus(config.issues, reportingDriver(driver), call)
    return { request, config }
  }

  /** A driver that takes no config names nothing in it; of others, the defaults may. */
  get #takesConfig(): boolean {
    return this.#parts.driver.config.versions.max > 0
  }

  async #checkResources(config: unknown, call: FaultCall, cancelled?: LazySignal): Promise<void> {
    const { driver } = this.#parts
    const [missing, ...others] = await driver.config.checkResources(config, cancelled)
    if (missing !== undefined) throw toConfigStatus([missing, ...others], reportingDriver(driver), call)
  }

  /** Reads at once when there is nothing to wait for: gateways ask for each sandbox again and again. */
  #afterRecovery<Result>(read: () => Result): Result | Promise<Result> {
    return this.#hasRecovered ? read() : this.#recovered.then(read)
  }

  *#snapshot(): Generator<DriverSandbox> {
    for (const entry of this.#parts.registry.values()) yield entry.snapshot
  }

  #runtimeIdentity(id: string): string {
    return `${this.#parts.driver.name}://${id}`
  }
}
