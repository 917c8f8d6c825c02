import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { credentials } from '@grpc/grpc-js'
import { ComputeDriver } from '@openshell-ts/protocol/compute'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import { OpenShell } from '@openshell-ts/protocol/v0-0'
import { TestClock } from '../../src/index.js'
import { ScriptedDriver } from '../scripted-driver.js'
import { callGateway } from './client-outcome.js'
import { DriverLog, markerName } from './driver-log.js'
import { gatewayCommand } from './gateway-command.js'
import { GatewayProcess } from './gateway-process.js'
import { InProcessGateway } from './in-process-gateway.js'
import { readMessage } from './message-json.js'
import type { JsonMap, Recording } from './recording.js'
import type { ReplayedGateway, StartOutcome, StopOutcome } from './replayed-gateway.js'
import type { ReplayedStream } from './replayed-stream.js'
import type { ReplayedSupervisor } from './replayed-supervisor.js'
import { scriptReplies } from './script-replies.js'

// Waits from here on are skipped by the clock. Shorter ones pass: sessions and connections know no other time.
const skippedFromMs = 20_000
const skippedAtOnceMs = 2_500
const firstCallsMs = 3_000

/** The gateway of a scenario, its driver, its client and its supervisors. */
export class ReplayWorld implements AsyncDisposable {
  readonly directory: string
  readonly driver: ScriptedDriver
  readonly log: DriverLog
  readonly supervisors = new Map<string, ReplayedSupervisor>()
  readonly streams = new Map<string, ReplayedStream>()
  readonly #gateway: ReplayedGateway
  readonly #clock: TestClock
  readonly #clients: GrpcServiceClient<typeof OpenShell>[] = []
  #gatewayUp = false
  #driverUp = false

  private constructor(recording: Recording, directory: string) {
    const { gateway_config: config, steps } = recording
    this.directory = directory
    this.driver = createDriver(recording, directory)
    this.log = new DriverLog(this.driver)
    this.#clock = new TestClock()
    const command = gatewayCommand(config, { directory, driverSocket: this.driver.socketPath })
    // Only a process can be killed.
    this.#gateway = steps.some(({ signal }) => signal === 'SIGKILL')
      ? new GatewayProcess(command)
      : new InProcessGateway(command, this.#clock)
  }

  /** Prepares what a recording needs; only its driver runs. */
  static async create(recording: Recording): Promise<ReplayWorld> {
    const world = new ReplayWorld(recording, await mkdtemp(join(tmpdir(), 'r-')))
    if (recording.run?.driver_start !== false) await world.startDriver()
    return world
  }

  /** The client of the gateway that runs now. */
  get client(): GrpcServiceClient<typeof OpenShell> {
    const client = this.#clients.at(-1)
    if (!client) throw new Error('The scenario calls a gateway that never started.')
    return client
  }

  /** The port of the health checks. */
  get healthPort(): number {
    return this.#gateway.healthPort
  }

  async startDriver(): Promise<void> {
    await this.driver.listen()
    this.#driverUp = true
  }

  async stopDriver(): Promise<void> {
    this.#driverUp = false
    await this.driver.stop()
  }

  /** Starts the gateway, and resolves when it is ready and has asked its driver what it asks at every start. */
  async startGateway(readyMs: number): Promise<StartOutcome> {
    const before = ['WatchSandboxes', 'ListSandboxes'].map((rpc) => [rpc, this.log.count(rpc)] as const)
    const outcome = await this.#hurried(this.#gateway.start(readyMs))
    if (!outcome.ready) return outcome
    this.#gatewayUp = true
    this.#clients.push(connect(this.#gateway.address))
    await this.until(() => before.every(([rpc, count]) => this.log.count(rpc) > count), firstCallsMs)
    await this.settle()
    return outcome
  }

  async stopGateway(signal: 'SIGTERM' | 'SIGKILL'): Promise<StopOutcome> {
    this.#gatewayUp = false
    return this.#gateway.stop(signal)
  }

  /** Lets this much of the scenario's time pass, and everything happen that it makes happen. */
  async wait(ms: number): Promise<void> {
    if (ms < skippedFromMs) await sleep(ms)
    else for (let left = ms; left > 0; left -= skippedAtOnceMs) await this.skip(Math.min(left, skippedAtOnceMs))
    await this.settle()
  }

  /** Jumps ahead in the scenario's time. */
  async skip(ms: number): Promise<void> {
    this.#clock.skip(ms)
    await this.settle()
  }

  /** The scenario's time in milliseconds. */
  now(): number {
    return this.#clock.now()
  }

  /** Waits for something that happens outside of the scenario's clock. Resolves with `false` when it does not. */
  async until(happened: () => boolean, withinMs: number): Promise<boolean> {
    for (const end = Date.now() + withinMs; !happened(); ) {
      if (Date.now() >= end) return false
      await sleep(5)
    }
    return true
  }

  /**
   * Resolves when nothing is on its way any more: a call has gone from the client to the driver and back, on the
   * connections that everything else uses, and nothing new has come with it; twice.
   */
  async settle(): Promise<void> {
    for (let quiet = 0, seen = this.#activity(); quiet < 2; ) {
      if (!this.#gatewayUp || !this.#driverUp) return
      await callGateway(this.client, 'CreateSandbox', { name: markerName, spec: {} })
      const now = this.#activity()
      quiet = now === seen ? quiet + 1 : 0
      seen = now
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stream of this.streams.values()) stream.cancel()
    for (const supervisor of this.supervisors.values()) supervisor.dispose()
    for (const client of this.#clients) client.close()
    await this.driver.stop()
    await this.#gateway.dispose()
    await rm(this.directory, { recursive: true, force: true })
  }

  // A driver that never comes is waited for by the clock.
  async #hurried<Result>(work: Promise<Result>): Promise<Result> {
    if (this.#driverUp) return work
    let over = false
    const done = work.finally(() => {
      over = true
    })
    while (!over) {
      this.#clock.skip(1_000)
      await sleep(5)
    }
    return done
  }

  #activity(): number {
    const parts = [...this.streams.values(), ...this.supervisors.values()]
    return parts.reduce((sum, { activity }) => sum + activity, this.log.count())
  }
}

function createDriver({ driver_script: script }: Recording, directory: string): ScriptedDriver {
  const driver = ScriptedDriver.idle(directory)
  if (script.model?.create_status === null) driver.createStatus = undefined
  if (script.model?.no_snapshot) driver.sendsSnapshot = false
  if (script.capabilities) driver.replies.getCapabilities = () => capabilities(script.capabilities ?? {})
  scriptReplies(driver, script.replies ?? {})
  return driver
}

function capabilities(json: JsonMap) {
  return readMessage(ComputeDriver.method.getCapabilities.output, json) as never
}

function connect(address: string): GrpcServiceClient<typeof OpenShell> {
  return new GrpcServiceClient(OpenShell, address, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  })
}
