import { randomUUID } from 'node:crypto'
import type { MessageInitShape } from '@bufbuild/protobuf'
import type {
  ComputeDriver,
  DriverSandbox,
  DriverSandboxSchema,
  DriverSandboxSpecSchema,
  GetCapabilitiesResponse,
} from '@openshell-ts/protocol/compute'
import type { MethodNames, RequestInput, ResponseMessage } from '@openshell-ts/protocol/grpc'
import { answerOf, type CallOutcome, outcomeOf } from './call-outcome.js'
import type { ConformanceRun } from './conformance-run.js'
import { gatewayMetadata } from './gateway-metadata.js'
import { launchAuthentication, sandboxToken } from './launch-material.js'
import { WatchRecorder } from './watch-recorder.js'
import type { WireLine } from './wire-line.js'

type Method = MethodNames<typeof ComputeDriver, 'unary'>

/** A clean-up must end also when the driver hangs. */
const cleanUpMs = 15_000

/** How the suite names a sandbox that it made. */
export interface OwnSandbox {
  readonly id: string
  readonly name: string
  readonly message: MessageInitShape<typeof DriverSandboxSchema>
}

/** What one case uses: it speaks as a gateway of its line does, and removes what the case leaves. */
export class ConformanceSession {
  readonly run: ConformanceRun
  /** The session that lasts as long as the run, and owns what several cases look at. */
  readonly shared: ConformanceSession
  readonly #created = new Map<string, OwnSandbox>()
  readonly #identities = new Map<string, string>()
  readonly #watches = new Set<WatchRecorder>()
  #first: Promise<OwnSandbox> | undefined

  /** Without `shared` it is the run's shared session itself. */
  constructor(run: ConformanceRun, shared?: ConformanceSession) {
    this.run = run
    this.shared = shared ?? this
  }

  get line(): WireLine {
    return this.run.options.line
  }

  /** Makes a call as a gateway makes it; `signal` cancels it. */
  call<Name extends Method>(
    name: Name,
    request: RequestInput<typeof ComputeDriver, Name>,
    signal = this.run.options.signal,
  ): Promise<CallOutcome<ResponseMessage<typeof ComputeDriver, Name>>> {
    const deadline = new Date(Date.now() + this.run.options.timeoutMs)
    return outcomeOf(this.run.client.unary(name, request, { deadline, signal }))
  }

  /** What the driver says about itself; on line 0.1 the suite introduces itself first, as gateways do. */
  async capabilities(): Promise<GetCapabilitiesResponse> {
    const request = this.line === '0.1' ? { gateway: gatewayMetadata } : {}
    return answerOf(await this.call('getCapabilities', request), 'GetCapabilities')
  }

  /** A sandbox that nobody has yet, as a gateway would send it. */
  newSandbox(spec: MessageInitShape<typeof DriverSandboxSpecSchema> = {}, block = this.run.options.block): OwnSandbox {
    const id = randomUUID()
    const name = `conf-${id.slice(0, 8)}`
    const { image, command } = this.run.options
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

  /** Creates a sandbox, with the secrets that gateways send only here; the suite deletes it at the end of the case. */
  async create(sandbox: OwnSandbox, signal = this.run.options.signal) {
    await this.#introduce()
    const { id, message } = sandbox
    this.#created.set(id, sandbox)
    const secrets = {
      sandboxToken: sandboxToken(id),
      ...(this.line === '0.1' ? { launchAuthentication: launchAuthentication(id, '1') } : {}),
    }
    const spec = { ...secrets, ...message.spec } as never
    const outcome = await this.call('createSandbox', { sandbox: { ...message, spec } }, signal)
    if (outcome.ok) this.#identities.set(id, outcome.answer.runtimeIdentity)
    return outcome
  }

  /** Creates a sandbox that has to be accepted. */
  async createGood(sandbox = this.newSandbox()): Promise<OwnSandbox> {
    answerOf(await this.create(sandbox), 'CreateSandbox')
    return sandbox
  }

  /** Starts a sandbox again; on line 0.1 with the launch data that gateways send there. */
  async start({ id, name }: OwnSandbox, secret = launchAuthentication(id, '2')) {
    await this.#introduce()
    const launch = {
      launchAuthentication: secret,
      generationId: '2',
      expectedRuntimeIdentity: this.#identities.get(id) ?? '',
    }
    return this.call('startSandbox', { sandboxId: id, name, ...(this.line === '0.1' ? launch : {}) })
  }

  /** Stops a sandbox that has to be stopped. */
  async stopGood({ id, name }: OwnSandbox): Promise<void> {
    answerOf(await this.call('stopSandbox', { sandboxId: id, name }), 'StopSandbox')
  }

  /** Deletes a sandbox. */
  delete({ id, name }: Pick<OwnSandbox, 'id' | 'name'>) {
    return this.call('deleteSandbox', { sandboxId: id, name })
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
    const { client, options } = this.run
    // A driver that cannot create fails in the cases of Create; a watch is judged by what it sends.
    await this.shared.#firstSandbox().catch(() => undefined)
    const watch = new WatchRecorder(client.serverStream('watchSandboxes', {}), options)
    this.#watches.add(watch)
    await watch.begun()
    return watch
  }

  /** A sandbox that is there while the run lasts, so that every watch has a snapshot to begin with. */
  #firstSandbox(): Promise<OwnSandbox> {
    this.#first ??= this.createGood()
    return this.#first
  }

  /** Removes what a case has left. What cannot be removed is the driver's fault, and a case of its own. */
  async cleanUp(): Promise<void> {
    for (const watch of this.#watches) watch.close()
    this.#watches.clear()
    const left = [...this.#created.values()]
    this.#created.clear()
    const timeout = AbortSignal.timeout(Math.min(cleanUpMs, this.run.options.timeoutMs))
    await Promise.all(left.map(({ id, name }) => this.call('deleteSandbox', { sandboxId: id, name }, timeout)))
  }

  async #introduce(): Promise<void> {
    if (this.line === '0.1') await this.call('getCapabilities', { gateway: gatewayMetadata })
  }
}
