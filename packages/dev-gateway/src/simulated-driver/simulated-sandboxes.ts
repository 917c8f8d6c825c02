import { randomUUID } from 'node:crypto'
import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import type { DriverSandbox } from '@openshell-ts/protocol/compute'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import type { ApiContext } from '../api/api-context.js'
import { alreadyExists, failedPrecondition, notFound } from '../errors/status-error.js'
import { markMainProcessExit } from '../sessions/session-status.js'
import type { SimulatedDriverOptions, SimulatedEvent } from './simulated-driver.js'
import { type SimulatedRecord, type SimulatedRun, toRecord, toSnapshot } from './simulated-record.js'
import { superviseNothing } from './simulated-supervisor.js'
import { SimulatedWatch, type WatchPayload } from './simulated-watch.js'

/** How calls name a sandbox. */
interface SandboxKey {
  readonly sandboxId: string
  readonly name: string
}

/** The sandboxes of a simulated driver, and those who watch them. */
export class SimulatedSandboxes {
  readonly #driverName: string
  readonly #startSandbox: SimulatedDriverOptions['startSandbox']
  readonly #records = new Map<string, SimulatedRecord>()
  readonly #watches = new Set<SimulatedWatch>()
  /** Supervisors that have not ended yet. */
  readonly #ending = new Set<Promise<void>>()
  #gateway: ApiContext | undefined

  constructor(driverName: string, startSandbox: SimulatedDriverOptions['startSandbox']) {
    this.#driverName = driverName
    this.#startSandbox = startSandbox
  }

  /** Runs every sandbox that should run, those included that the gateway kept from an earlier run. */
  attach(gateway: ApiContext): void {
    this.#gateway = gateway
    for (const row of gateway.store.sandboxes.list()) {
      const stopped = row.status.phase === SandboxPhase.STOPPED || row.status.phase === SandboxPhase.ERROR
      if (this.#records.has(row.id) || row.status.phase === SandboxPhase.DELETING) continue
      const { id, name, workspace, spec } = row
      const environment = { ...spec.template?.environment, ...spec.environment }
      const launch = { token: '', command: spec.command, tty: spec.tty, environment }
      this.#records.set(id, { id, name, workspace, launch, state: { type: stopped ? 'stopped' : 'starting' } })
    }
    for (const record of this.#records.values()) if (record.state.type !== 'stopped') this.#run(record)
  }

  /** Ends every watch and every supervisor, and resolves when all have ended; the sandboxes stay. */
  async detach(): Promise<void> {
    for (const watch of this.#watches) watch.cancel()
    const ends = [...this.#records.values()].map((record) => this.#endRun(record))
    this.#gateway = undefined
    await Promise.all([...ends, ...this.#ending])
  }

  /** Follows all sandboxes from a snapshot on. */
  watch(): SimulatedWatch {
    const watch = new SimulatedWatch()
    this.#watches.add(watch)
    watch.once('close', () => this.#watches.delete(watch))
    for (const record of this.#records.values()) watch.emitPayload(this.#snapshot(record))
    return watch
  }

  /** Creates a sandbox and returns its id; it starts afterwards. */
  create(sandbox: DriverSandbox): string {
    const record = toRecord(sandbox, { keepToken: this.#startSandbox !== undefined })
    for (const { id, name, workspace } of this.#records.values()) {
      if (id !== record.id && (name !== record.name || workspace !== record.workspace)) continue
      throw alreadyExists(`sandbox '${record.name}' already exists`)
    }
    this.#records.set(record.id, record)
    this.#runSoon(record)
    return record.id
  }

  get(key: SandboxKey): DriverSandbox {
    return toSnapshot(this.#record(key), this.#now())
  }

  list(): DriverSandbox[] {
    return [...this.#records.values()].map((record) => toSnapshot(record, this.#now()))
  }

  async stop(key: SandboxKey): Promise<void> {
    const record = this.#record(key)
    if (record.state.type === 'stopped') return
    record.state = { type: 'stopped' }
    await this.#endRun(record)
    this.#emit(this.#snapshot(record))
  }

  /** Starts a sandbox and returns its id; nothing happens to one that runs. */
  start(key: SandboxKey): string {
    const record = this.#record(key)
    if (!record.run) {
      record.state = { type: 'restarting' }
      this.#emit(this.#snapshot(record))
      this.#runSoon(record)
    }
    return record.id
  }

  /** Deletes a sandbox; false when there is none. */
  async delete({ sandboxId }: SandboxKey): Promise<boolean> {
    const record = this.#records.get(sandboxId)
    if (!record) return false
    this.#records.delete(sandboxId)
    await this.#endRun(record)
    setImmediate(() => this.#emit({ case: 'deleted', value: { sandboxId } }))
    return true
  }

  /** Ends the compute of a sandbox for good. */
  fail(sandboxId: string, reason: string, message: string): void {
    const record = this.#records.get(sandboxId)
    if (!record) return
    record.state = { type: 'failed', reason, message }
    this.#emit(this.#snapshot(record))
    void this.#endRun(record)
  }

  /** Reports that a main process ended, as its supervisor does it. */
  exitMainProcess(sandboxId: string, exitCode: number): void {
    const run = this.#records.get(sandboxId)?.run
    if (!run || !this.#gateway) return
    const { store, rules, restarts } = this.#gateway
    const report = { instanceId: run.instanceId, exitCode }
    if (markMainProcessExit(store.sandboxes, sandboxId, report, rules.line)) restarts.plan(sandboxId)
  }

  emitEvent(sandboxId: string, { type = 'Normal', reason, message, metadata = {} }: SimulatedEvent): void {
    if (!this.#records.has(sandboxId)) return
    const now = this.#now()
    const event = {
      timestampMs: BigInt(now.getTime()),
      eventTime: timestampFromDate(now),
      source: this.#driverName,
      type,
      reason,
      message,
      metadata: { ...metadata },
    }
    this.#emit({ case: 'platformEvent', value: { sandboxId, event } })
  }

  // After the answer to the call that asks for it, which must not tell more than a real driver's.
  #runSoon(record: SimulatedRecord): void {
    setImmediate(() => {
      const wanted = this.#records.get(record.id) === record && record.state.type !== 'stopped'
      if (wanted && !record.run) this.#run(record)
    })
  }

  #run(record: SimulatedRecord): void {
    const gateway = this.#gateway
    if (!gateway) return
    const instanceId = randomUUID()
    record.state = { type: 'running' }
    this.emitEvent(record.id, { reason: 'Started', message: `The simulated sandbox ${record.name} runs.` })
    this.#emit(this.#snapshot(record))
    record.run = { instanceId, supervisor: this.#supervise(record, instanceId, gateway) }
  }

  async #supervise(
    { id, name, launch }: SimulatedRecord,
    instanceId: string,
    gateway: ApiContext,
  ): Promise<AsyncDisposable | undefined> {
    if (!this.#startSandbox) return superviseNothing(gateway, id, instanceId)
    const { scheme, host, port } = gateway.address
    try {
      const token = launch.token || ((await gateway.tokens?.mint(id)) ?? '')
      return await this.#startSandbox({
        ...launch,
        token,
        endpoint: `${scheme}://${host}:${port}`,
        sandboxId: id,
        name,
      })
    } catch (error) {
      gateway.logger.warn({ err: error, sandboxId: id }, 'startSandbox failed')
      this.fail(id, 'ContainerStartFailed', 'startSandbox failed; the log of the gateway has the reason.')
      return undefined
    }
  }

  #record({ sandboxId, name }: SandboxKey): SimulatedRecord {
    const record = this.#records.get(sandboxId)
    if (!record) throw notFound(`no sandbox has the id ${sandboxId}`)
    if (name !== '' && name !== record.name) throw failedPrecondition(`sandbox ${sandboxId} has another name`)
    return record
  }

  #snapshot(record: SimulatedRecord): WatchPayload {
    return { case: 'sandbox', value: { sandbox: toSnapshot(record, this.#now()) } }
  }

  #emit(payload: WatchPayload): void {
    for (const watch of this.#watches) watch.emitPayload(payload)
  }

  // What a test's supervisor does wrong at its end is not the gateway's to break at.
  #endRun(record: SimulatedRecord): Promise<void> {
    const { run } = record
    if (!run) return Promise.resolve()
    delete record.run
    const logger = this.#gateway?.logger
    const ending = endSupervisor(run)
      .catch((error: unknown) => logger?.warn({ err: error, sandboxId: record.id }, 'the end of startSandbox failed'))
      .then(() => void this.#ending.delete(ending))
    this.#ending.add(ending)
    return ending
  }

  #now(): Date {
    return new Date(this.#gateway?.clock.now() ?? Date.now())
  }
}

async function endSupervisor({ supervisor }: SimulatedRun): Promise<void> {
  await (await supervisor)?.[Symbol.asyncDispose]()
}
