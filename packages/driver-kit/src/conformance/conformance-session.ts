import { randomUUID } from 'node:crypto'
import type { MessageInitShape } from '@bufbuild/protobuf'
import { credentials } from '@grpc/grpc-js'
import type { JsonObject } from '@openshell-ts/driver-config/envelope'
import {
  ComputeDriver,
  type DriverSandbox,
  type DriverSandboxSchema,
  type DriverSandboxSpecSchema,
  type GetCapabilitiesResponse,
} from '@openshell-ts/protocol/compute'
import {
  GrpcServiceClient,
  type MethodNames,
  type RequestInput,
  type ResponseMessage,
} from '@openshell-ts/protocol/grpc'
import { answerOf, type CallOutcome, outcomeOf } from './call-outcome.js'
import type { WireLine } from './conformance-case.js'
import { gatewayMetadata } from './gateway-metadata.js'
import type { SandboxStory } from './sandbox-story.js'
import { WatchRecorder } from './watch-recorder.js'

type Method = MethodNames<typeof ComputeDriver, 'unary'>

/** What a session works with. */
export interface ConformanceSessionOptions {
  readonly socketPath: string
  readonly line: WireLine
  readonly image: string
  readonly command: readonly string[]
  readonly timeoutMs: number
  readonly restart?: (() => Promise<void>) | undefined
  /** The block that sandboxes need to be created at all; absent when they need none. */
  readonly block?: JsonObject | undefined
}

/** How the suite names a sandbox that it made. */
export interface OwnSandbox {
  readonly id: string
  readonly name: string
  readonly message: MessageInitShape<typeof DriverSandboxSchema>
}

/** The suite's side of the connection: it speaks as a gateway of its line does, and removes what a case leaves. */
export class ConformanceSession {
  readonly options: ConformanceSessionOptions
  /** Outcomes of Validate by block, so that groups that look at the same document ask once. */
  readonly verdicts = new Map<string, Promise<CallOutcome<unknown>>>()
  /** The story that several cases look at; told once a run. */
  story: Promise<SandboxStory> | undefined
  #client: GrpcServiceClient<typeof ComputeDriver>
  readonly #created = new Map<string, OwnSandbox>()
  readonly #watches = new Set<WatchRecorder>()

  constructor(options: ConformanceSessionOptions) {
    this.options = options
    this.#client = this.connect()
  }

  get line(): WireLine {
    return this.options.line
  }

  /** Makes a call as a gateway makes it. */
  call<Name extends Method>(
    name: Name,
    request: RequestInput<typeof ComputeDriver, Name>,
  ): Promise<CallOutcome<ResponseMessage<typeof ComputeDriver, Name>>> {
    const deadline = new Date(Date.now() + this.options.timeoutMs)
    return outcomeOf(this.#client.unary(name, request, { deadline }))
  }

  /** What the driver says about itself; on line 0.1 the suite introduces itself first, as gateways do. */
  async capabilities(): Promise<GetCapabilitiesResponse> {
    const request = this.line === '0.1' ? { gateway: gatewayMetadata } : {}
    return answerOf(await this.call('getCapabilities', request), 'GetCapabilities')
  }

  /** A sandbox that nobody has yet, as a gateway would send it. */
  newSandbox(spec: MessageInitShape<typeof DriverSandboxSpecSchema> = {}, block = this.options.block): OwnSandbox {
    const id = randomUUID()
    const name = `conf-${id.slice(0, 8)}`
    const { image, command } = this.options
    const template = { image, ...(block === undefined ? {} : { driverConfig: block }) }
    return {
      id,
      name,
      message: {
        id,
        name,
        workspace: 'default',
        status: {},
        spec: { command: [...command], template, ...spec } as never,
      },
    }
  }

  /** Validates a sandbox, after the look at the capabilities that gateways of line 0.1 take. */
  async validate({ message }: OwnSandbox) {
    await this.#introduce()
    return this.call('validateSandboxCreate', { sandbox: message })
  }

  /** Creates a sandbox; the suite deletes it at the end of the case. */
  async create(sandbox: OwnSandbox) {
    await this.#introduce()
    this.#created.set(sandbox.id, sandbox)
    return this.call('createSandbox', { sandbox: sandbox.message })
  }

  /** Creates a sandbox that has to be accepted. */
  async createGood(sandbox = this.newSandbox()): Promise<OwnSandbox> {
    answerOf(await this.create(sandbox), 'CreateSandbox')
    return sandbox
  }

  /** Starts a sandbox again. */
  async start({ id, name }: OwnSandbox) {
    await this.#introduce()
    return this.call('startSandbox', { sandboxId: id, name })
  }

  /** All sandboxes that the driver lists. */
  async list(): Promise<readonly DriverSandbox[]> {
    return answerOf(await this.call('listSandboxes', {}), 'ListSandboxes').sandboxes
  }

  /** One sandbox, asked for as gateways ask: with id and name. */
  async get({ id, name }: OwnSandbox): Promise<DriverSandbox | undefined> {
    return answerOf(await this.call('getSandbox', { sandboxId: id, name }), 'GetSandbox with id and name').sandbox
  }

  /** Opens a watch; the suite closes it at the end of the case. */
  async watch(): Promise<WatchRecorder> {
    const watch = new WatchRecorder(this.#client.serverStream('watchSandboxes', {}), this.options.timeoutMs)
    this.#watches.add(watch)
    await watch.begun()
    return watch
  }

  /** Connects anew, for a driver that has come back. */
  reconnect(): void {
    this.#client.close()
    this.#client = this.connect()
  }

  /** A connection of its own. */
  connect(): GrpcServiceClient<typeof ComputeDriver> {
    return new GrpcServiceClient(ComputeDriver, `unix:${this.options.socketPath}`, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
    })
  }

  /** Removes what a case has left. What cannot be removed is the driver's fault, and a case of its own. */
  async cleanUp(): Promise<void> {
    for (const watch of this.#watches) watch.close()
    this.#watches.clear()
    const left = [...this.#created.values()]
    this.#created.clear()
    await Promise.all(left.map(({ id, name }) => this.call('deleteSandbox', { sandboxId: id, name })))
  }

  /** Ends all calls. */
  close(): void {
    this.#client.close()
  }

  async #introduce(): Promise<void> {
    if (this.line === '0.1') await this.call('getCapabilities', { gateway: gatewayMetadata })
  }
}
