import { Client, credentials } from '@grpc/grpc-js'
import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import { ComputeDriver } from '@openshell-ts/protocol/compute'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import type { CallOutcome } from './call-outcome.js'
import type { WireLine } from './wire-line.js'

/** What a run works with. */
export interface ConformanceRunOptions {
  readonly socketPath: string
  readonly line: WireLine
  readonly image: string
  readonly command: readonly string[]
  readonly timeoutMs: number
  readonly restart?: (() => Promise<void>) | undefined
  /** The block that sandboxes need to be created at all; absent when they need none. */
  readonly block?: JsonObject | undefined
  /** A block of the oldest version, to be kept over a restart; absent when there is none. */
  readonly oldBlock?: JsonObject | undefined
  readonly signal?: AbortSignal | undefined
}

const ownConnection = { 'grpc.use_local_subchannel_pool': 1 }

/** One examination on one line: its options, its verdicts and its connections. */
export class ConformanceRun {
  readonly options: ConformanceRunOptions
  /** Outcomes of Validate by block, so that groups that look at the same document ask once. */
  readonly verdicts = new Map<string, Promise<CallOutcome<unknown>>>()
  #client: GrpcServiceClient<typeof ComputeDriver>
  #rawClient: Client | undefined

  constructor(options: ConformanceRunOptions) {
    this.options = options
    this.#client = this.connect()
  }

  /** The connection that cases share. */
  get client(): GrpcServiceClient<typeof ComputeDriver> {
    return this.#client
  }

  /** Connects anew, for a driver that has come back. */
  reconnect(): void {
    this.close()
    this.#client = this.connect()
  }

  /** A connection of its own. */
  connect(): GrpcServiceClient<typeof ComputeDriver> {
    return new GrpcServiceClient(ComputeDriver, this.#address, credentials.createInsecure(), ownConnection)
  }

  /** The connection for calls that no generated message can make. */
  get rawClient(): Client {
    this.#rawClient ??= new Client(this.#address, credentials.createInsecure(), ownConnection)
    return this.#rawClient
  }

  get #address(): string {
    return `unix:${this.options.socketPath}`
  }

  /** Ends all calls. */
  close(): void {
    this.#client.close()
    this.#rawClient?.close()
    this.#rawClient = undefined
  }
}
