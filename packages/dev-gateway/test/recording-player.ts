import { fromBinary, fromJson, toJson } from '@bufbuild/protobuf'
import { Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { ComputeDriver, WatchSandboxesEventSchema } from '@openshell-ts/protocol/compute'
import { StatusSchema } from '@openshell-ts/protocol/rpc'
import { OpenShell } from '@openshell-ts/protocol/v0-0'
import { encodeDetails } from './encode-details.js'
import {
  expand,
  type Json,
  type JsonMap,
  normalize,
  type RecordedStep,
  type Recording,
  substitute,
} from './recording.js'
import { DriverRefusal, ScriptedDriver } from './scripted-driver.js'
import { Setup } from './test-client.js'
import { TestSupervisor } from './test-supervisor.js'

/** What a replay saw, in the form of a recording. */
export interface Observed {
  readonly driver_calls: Json
  readonly client_results: Json
  readonly rows: Json
}

const background = new Set(['getCapabilities', 'getGatewayListenerRequirements', 'listSandboxes'])

/** Runs a recording's steps against a gateway in this process. */
export class RecordingPlayer implements AsyncDisposable {
  readonly #recording: Recording
  readonly #setup: Setup
  readonly #supervisors = new Map<string, TestSupervisor>()
  readonly #variables: Record<string, JsonMap> = {}
  readonly #results: Json[] = []
  readonly #rows: Json[] = []
  readonly #callSteps: { readonly until: number; readonly step: number }[] = []
  #markers = 0

  private constructor(recording: Recording, setup: Setup) {
    this.#recording = recording
    this.#setup = setup
  }

  /** Starts the gateway and the driver that a recording describes. */
  static async start(recording: Recording): Promise<RecordingPlayer> {
    const { gateway_config: config, driver_script: script } = recording
    const driver = await ScriptedDriver.start()
    if (script.model?.create_status === null) driver.createStatus = undefined
    if (script.capabilities) driver.replies.getCapabilities = () => capabilities(script.capabilities ?? {})
    const setup = await Setup.start({
      driver,
      version: '0.0.0',
      auth: {
        sandboxTokens: config.gateway_jwt ?? false,
        gatewayId: 'lab',
        allowUnauthenticatedUsers: config.allow_unauthenticated_users ?? true,
      },
    })
    const player = new RecordingPlayer(recording, setup)
    player.#script(script.replies ?? {})
    await driver.watched()
    return player
  }

  /** Runs all steps and returns what was seen. */
  async play(): Promise<Observed> {
    const first = this.#setup.driver.calls.length
    for (const [index, step] of this.#recording.steps.entries()) {
      await this.#run(substitute(expand(step as unknown as Json), this.#variables) as RecordedStep, index)
      this.#callSteps.push({ until: this.#setup.driver.calls.length, step: index })
    }
    return {
      driver_calls: normalize(this.#driverCalls(first)),
      client_results: normalize(this.#results),
      rows: normalize(this.#rows),
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const supervisor of this.#supervisors.values()) await supervisor[Symbol.asyncDispose]()
    await this.#setup[Symbol.asyncDispose]()
  }

  async #run(step: RecordedStep, index: number): Promise<void> {
    if (step.call !== undefined) await this.#call(step, index)
    else if (step.row !== undefined) this.#rows.push({ step: index, ...(await this.#row(step.row, step.workspace)) })
    else if (step.until_row !== undefined) await this.#untilRow(step, index)
    else if (step.reply !== undefined) this.#script(step.reply)
    else if (step.record !== undefined) this.#setRecord(step.record)
    else if (step.emit !== undefined) await this.#emit(step.emit)
    else if (step.supervisor === 'connect') await this.#connect(step, index)
    else if (step.supervisor === 'close') await this.#closeSupervisor(step)
  }

  async #call(step: RecordedStep, index: number): Promise<void> {
    const result = await this.#unary(step.call ?? '', step.request ?? {}, step.token)
    if (step.as !== undefined) this.#remember(step.as, result)
    const { response, ...outcome } = result
    this.#results.push({ step: index, rpc: step.call ?? '', ...outcome, ...(response && !step.drop && { response }) })
  }

  async #unary(rpc: string, request: JsonMap, token?: string): Promise<{ code: string; response?: JsonMap }> {
    const method = OpenShell.methods.find(({ name }) => name === rpc)
    if (!method) throw new Error(`The recording calls ${rpc}, which the API does not have.`)
    const metadata = new Metadata()
    if (token) metadata.set('authorization', `Bearer ${token}`)
    try {
      const response = await this.#setup.client.unary(
        method.localName as 'getSandbox',
        fromJson(method.input, request) as never,
        { metadata },
      )
      return { code: 'OK', response: toJson(method.output, response as never, { useProtoFieldName: true }) as JsonMap }
    } catch (error) {
      return describeError(error as ServiceError)
    }
  }

  #remember(name: string, { response }: { response?: JsonMap }): void {
    const calls = [
      ...this.#setup.driver.callsOf('createSandbox'),
      ...this.#setup.driver.callsOf('validateSandboxCreate'),
    ]
    const metadata = (response?.['sandbox'] as JsonMap | undefined)?.['metadata'] as JsonMap | undefined
    const id = metadata?.['id']
    const sandbox = calls.find(({ request }) => id === undefined || request.sandbox?.id === id)?.request.sandbox
    if (!sandbox) return
    this.#variables[name] = { id: sandbox.id, name: sandbox.name, token: sandbox.spec?.sandboxToken ?? '' }
  }

  async #row(name: string, workspace = ''): Promise<JsonMap> {
    const { response, ...outcome } = await this.#unary('GetSandbox', { name, workspace })
    if (!response) return outcome
    const { metadata, status: shown } = response['sandbox'] as { metadata: JsonMap; status: JsonMap }
    const { phase, conditions, ...rest } = shown
    return {
      phase: phase ?? '',
      conditions: conditions ?? [],
      status: rest,
      name: metadata['name'] ?? '',
      workspace: metadata['workspace'] ?? '',
    }
  }

  async #untilRow(step: RecordedStep, index: number): Promise<void> {
    for (;;) {
      const row = await this.#row(step.until_row ?? '', step.workspace)
      const reached = step.gone ? row['code'] === 'NOT_FOUND' : row['phase'] === `SANDBOX_PHASE_${step.phase}`
      if (!reached) continue
      this.#rows.push({ step: index, reached, ...row })
      return
    }
  }

  // A platform event for a sandbox of its own follows every event: once it has come back, the one before it was applied.
  async #emit(event: JsonMap): Promise<void> {
    const { driver, client } = this.#setup
    const { payload } = fromJson(WatchSandboxesEventSchema, renamed(event) as never)
    if (payload.case !== undefined) driver.emit(payload as never)
    this.#markers++
    const name = `marker-${this.#markers}`
    if (this.#markers === 1) await client.unary('createWorkspace', { name: 'markers' })
    const { sandbox } = await client.unary('createSandbox', { name, workspace: 'markers', spec: {} })
    const sandboxId = sandbox?.metadata?.id ?? ''
    const stream = client.serverStream('watchSandbox', { id: sandboxId, followEvents: true, eventTail: 1 })
    for await (const { payload: seen } of stream) {
      if (seen.case === 'event') break
      driver.emit({ case: 'platformEvent', value: { sandboxId, event: { reason: 'Marker' } } })
    }
  }

  async #connect(step: RecordedStep, index: number): Promise<void> {
    const supervisor = new TestSupervisor(this.#setup.gateway.endpoint, step.token ?? '')
    this.#supervisors.set(step.as ?? '', supervisor)
    await supervisor.connect(step.id ?? '', step.instance ?? 'inst-1')
    const first = { session_accepted: { session_id: '<uuid>', heartbeat_interval_secs: 15 } }
    this.#results.push({ step: index, rpc: 'ConnectSupervisor', first })
  }

  async #closeSupervisor(step: RecordedStep): Promise<void> {
    const supervisor = this.#supervisors.get(step.as ?? '')
    await supervisor?.disconnectAndWait()
  }

  #setRecord(record: JsonMap): void {
    const { driver } = this.#setup
    const id = String(record['id'])
    if (record['remove']) driver.records.delete(id)
    else driver.records.set(id, { ...driver.records.get(id), ...(renamed(record) as object) })
  }

  #script(replies: Readonly<Record<string, Json>>): void {
    for (const [rpc, scripted] of Object.entries(replies)) {
      const method = ComputeDriver.methods.find(({ name }) => name === rpc)
      if (!method) throw new Error(`The recording scripts ${rpc}, which a driver does not have.`)
      this.#setup.driver.script(
        method.localName as never,
        scripted === null ? undefined : replyList(scripted),
        (reply) => {
          if (reply['code'] !== undefined) throw refusal(reply)
          return fromJson(method.output, renamed((reply['response'] ?? {}) as JsonMap) as never)
        },
      )
    }
  }

  #driverCalls(first: number): Json[] {
    const calls: Json[] = []
    for (const [index, call] of this.#setup.driver.calls.entries()) {
      const method = ComputeDriver.method[call.method]
      const request = toJson(method.input, call.request as never, { useProtoFieldName: true }) as JsonMap
      const sandbox = request['sandbox'] as JsonMap | undefined
      if (index < first || background.has(call.method) || sandbox?.['workspace'] === 'markers') continue
      const step = this.#callSteps.find(({ until }) => index < until)?.step ?? -1
      calls.push({ step, rpc: method.name, ...(Object.keys(request).length > 0 && { request }) })
    }
    return calls
  }
}

function capabilities(json: JsonMap) {
  return fromJson(ComputeDriver.method.getCapabilities.output, json as never)
}

function replyList(scripted: Json): JsonMap | JsonMap[] {
  return scripted as JsonMap | JsonMap[]
}

function refusal(reply: JsonMap): DriverRefusal {
  const code = status[reply['code'] as keyof typeof status] as status
  const message = reply['message_bytes'] ? 'm'.repeat(Number(reply['message_bytes'])) : String(reply['message'] ?? '')
  const trailers: Record<string, string | Buffer> = { ...(reply['trailers'] as Record<string, string> | undefined) }
  const details = encodeDetails(code, message, reply)
  if (details) trailers['grpc-status-details-bin'] = details
  return new DriverRefusal(code, message, trailers)
}

function describeError(error: ServiceError): { code: string } & JsonMap {
  const [details] = error.metadata.get('grpc-status-details-bin')
  const trailer = error.metadata.get('x-acme')[0]
  return {
    code: status[error.code] ?? String(error.code),
    message: error.details,
    ...(details instanceof Buffer && {
      details: fromBinary(StatusSchema, details).details.map(({ typeUrl }) => typeUrl.split('/').at(-1) ?? ''),
    }),
    ...(typeof trailer === 'string' && { trailers: { 'x-acme': trailer } }),
  }
}

// The recordings use the names of line 0.0; the superset contract has the same field under one name for both lines.
function renamed(value: Json): Json {
  if (Array.isArray(value)) return value.map(renamed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key === 'sandbox_name' ? 'name' : key, renamed(entry)]),
  )
}
