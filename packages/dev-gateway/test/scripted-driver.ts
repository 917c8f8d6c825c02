import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DescMethod, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import { create } from '@bufbuild/protobuf'
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  type status,
} from '@grpc/grpc-js'
import {
  ComputeDriver,
  type DriverSandboxSchema,
  type DriverSandboxStatusSchema,
  type WatchSandboxesEvent,
  WatchSandboxesEventSchema,
} from '@openshell-ts/protocol/compute'
import { toGrpcServiceDefinition } from '@openshell-ts/protocol/grpc'

type Methods = typeof ComputeDriver.method
type UnaryName = Exclude<keyof Methods, 'watchSandboxes'>
type Request<Name extends UnaryName> = MessageShape<Methods[Name]['input']>
type Response<Name extends UnaryName> = MessageInitShape<Methods[Name]['output']>

/** An error that the driver answers with. */
export class DriverRefusal extends Error {
  readonly code: status
  readonly metadata: Metadata

  constructor(code: status, message: string, trailers: Readonly<Record<string, string | Buffer>> = {}) {
    super(message)
    this.code = code
    this.metadata = new Metadata()
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, value)
  }
}

/** A call as the transport brings it, a watch stream included. */
export interface ReceivedCall {
  readonly method: keyof Methods
  readonly request: unknown
  /** Aborts when the gateway cancels the call before it was answered. */
  readonly signal: AbortSignal
}

/** One call that the driver received. */
export interface DriverCall<Name extends UnaryName = UnaryName> {
  readonly method: Name
  readonly request: Request<Name>
  /** Aborts when the gateway cancels the call. */
  readonly signal: AbortSignal
}

type Reply<Name extends UnaryName> = (call: DriverCall<Name>) => Response<Name> | Promise<Response<Name>>
type Replies = { [Name in UnaryName]?: Reply<Name> }

type WatchEventInit = MessageInitShape<typeof WatchSandboxesEventSchema>
type Status = MessageInitShape<typeof DriverSandboxStatusSchema>

const stoppedStatus: Status = {
  conditions: [
    { type: 'Suspended', status: 'True', reason: 'Stopped' },
    { type: 'Ready', status: 'False', reason: 'ContainerStopped', message: 'stopped' },
  ],
}
const startedStatus: Status = { conditions: [{ type: 'Ready', status: 'True', reason: 'BackendReady', message: 'up' }] }

/** A driver whose answers a test decides. Without a reply it keeps records in memory, as a simple driver does. */
export class ScriptedDriver implements AsyncDisposable {
  readonly socketPath: string
  readonly calls: DriverCall[] = []
  readonly replies: Replies = {}
  readonly records = new Map<string, MessageInitShape<typeof DriverSandboxSchema>>()
  /** The status of sandboxes that are created from now on. */
  createStatus: Status | undefined = {
    conditions: [{ type: 'Ready', status: 'False', reason: 'Starting', message: 'booting' }],
  }
  /** Whether a new watch stream begins with all records. */
  sendsSnapshot = true
  /** Sees every call first. What it returns is the answer, and the call is kept nowhere. */
  onCall: ((call: ReceivedCall) => object | undefined) | undefined
  readonly #directory: string
  #server = new Server()
  readonly #watchers = new Set<ServerWritableStream<unknown, unknown>>()
  readonly #raw: { readonly path: string; readonly bytes: Buffer }[] = []
  readonly #waiters = new Set<() => void>()

  private constructor(directory: string) {
    this.#directory = directory
    this.socketPath = join(directory, 'd.sock')
  }

  /** Starts a driver on a socket of its own. */
  static async start(replies: Replies = {}): Promise<ScriptedDriver> {
    return ScriptedDriver.startIn(await mkdtemp(join(tmpdir(), 'gw-')), replies)
  }

  /** Starts a driver on `d.sock` in a folder, which is removed with it. */
  static async startIn(directory: string, replies: Replies = {}): Promise<ScriptedDriver> {
    const driver = ScriptedDriver.idle(directory)
    Object.assign(driver.replies, replies)
    await driver.listen()
    return driver
  }

  /** A driver that does not listen yet, for `d.sock` in a folder, which is removed with it. */
  static idle(directory: string): ScriptedDriver {
    return new ScriptedDriver(directory)
  }

  /** Listens; after `stop`, with all that it knew. */
  async listen(): Promise<void> {
    this.#server = new Server()
    this.#server.addService(this.#definition(), this.#implementation())
    await new Promise<void>((resolve, reject) => {
      this.#server.bindAsync(`unix:${this.socketPath}`, ServerCredentials.createInsecure(), (error) =>
        error ? reject(error) : resolve(),
      )
    })
  }

  /**
   * Answers a method by a list that is used up, or by one reply for ever; `undefined` goes back to the default, which
   * `answer` can fall back to as well.
   */
  script<Reply>(
    method: UnaryName,
    replies: Reply | Reply[] | undefined,
    answer: (reply: Reply, fallBack: () => object) => object | Promise<object>,
  ): void {
    delete this.replies[method]
    if (replies === undefined) return
    const left = Array.isArray(replies) ? [...replies] : undefined
    this.replies[method] = ((call: DriverCall) => {
      const reply = left ? left.shift() : (replies as Reply)
      return reply === undefined ? this.#default(call) : answer(reply, () => this.#default(call))
    }) as never
  }

  /** The calls of one method, oldest first. */
  callsOf<Name extends UnaryName>(method: Name): DriverCall<Name>[] {
    return this.calls.filter((call): call is DriverCall<Name> => call.method === method)
  }

  /** Resolves when a call of this method has arrived. */
  async received<Name extends UnaryName>(method: Name, count = 1): Promise<DriverCall<Name>> {
    for (;;) {
      const call = this.callsOf(method)[count - 1]
      if (call) return call
      await this.#change()
    }
  }

  /** Resolves when this many watch streams are open. */
  async watched(count = 1): Promise<void> {
    while (this.#watchers.size < count) await this.#change()
  }

  /** Sends an event on every watch stream; returns how many there are. */
  emit(payload: NonNullable<WatchEventInit['payload']>): number {
    return this.emitEvent(create(WatchSandboxesEventSchema, { payload } as WatchEventInit))
  }

  /** Sends a message on every watch stream, also one without a payload; returns how many there are. */
  emitEvent(event: WatchSandboxesEvent): number {
    for (const watcher of this.#watchers) watcher.write(event)
    return this.#watchers.size
  }

  /** Sends a snapshot of one sandbox. */
  emitStatus(id: string, name: string, status: Status): void {
    this.emit({ case: 'sandbox', value: { sandbox: { id, name, status } } })
  }

  /** Ends every watch stream, with an error when one is given. */
  endWatches(error?: DriverRefusal): void {
    for (const watcher of this.#watchers) {
      if (error) watcher.emit('error', error)
      else watcher.end()
    }
    this.#watchers.clear()
  }

  /** The encoded requests of one method, one after the other. */
  rawOf(method: string): Buffer {
    return Buffer.concat(this.#raw.filter(({ path }) => path.endsWith(`/${method}`)).map(({ bytes }) => bytes))
  }

  /** Goes away with its socket, as a driver that crashed and was cleaned up. */
  async stop(): Promise<void> {
    this.#server.forceShutdown()
    this.#watchers.clear()
    await rm(this.socketPath, { force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.forceShutdown()
    await rm(this.#directory, { recursive: true, force: true })
  }

  // Remembers the bytes of requests before they are decoded, which loses what JSON cannot say.
  #definition(): ReturnType<typeof toGrpcServiceDefinition> {
    const definition = toGrpcServiceDefinition(ComputeDriver)
    const recorded = Object.entries(definition).map(([name, method]) => {
      const requestDeserialize = (bytes: Buffer) => {
        this.#raw.push({ path: method.path, bytes })
        return method.requestDeserialize(bytes)
      }
      return [name, { ...method, requestDeserialize }]
    })
    return Object.fromEntries(recorded) as ReturnType<typeof toGrpcServiceDefinition>
  }

  #implementation() {
    const handlers: Record<string, unknown> = {}
    for (const method of ComputeDriver.methods) {
      handlers[method.localName] = method.methodKind === 'unary' ? this.#unary(method) : this.#watch
    }
    return handlers as never
  }

  #unary(method: DescMethod) {
    return (call: ServerUnaryCall<never, unknown>, callback: sendUnaryData<unknown>) => {
      const aborter = new AbortController()
      let answered = false
      call.once('cancelled', () => !answered && aborter.abort())
      const received = { method: method.localName as UnaryName, request: call.request, signal: aborter.signal }
      Promise.resolve()
        .then(() => this.#answer(received))
        .finally(() => {
          answered = true
        })
        .then(
          (response) => callback(null, create(method.output, response as never)),
          (error: unknown) => callback(error as never, null),
        )
    }
  }

  readonly #watch = (call: ServerWritableStream<unknown, unknown>) => {
    const aborter = new AbortController()
    this.#watchers.add(call)
    call.once('cancelled', () => {
      this.#watchers.delete(call)
      aborter.abort()
    })
    this.onCall?.({ method: 'watchSandboxes', request: call.request, signal: aborter.signal })
    for (const sandbox of this.sendsSnapshot ? this.records.values() : []) {
      call.write(create(WatchSandboxesEventSchema, { payload: { case: 'sandbox', value: { sandbox } } }))
    }
    this.#changed()
  }

  #answer(call: DriverCall): object | Promise<object> {
    const answer = this.onCall?.(call)
    if (answer) return answer
    this.calls.push(call)
    this.#changed()
    return this.#reply(call)
  }

  #reply(call: DriverCall): object | Promise<object> {
    const scripted = this.replies[call.method] as Reply<UnaryName> | undefined
    return scripted ? scripted(call) : this.#default(call)
  }

  #default(call: DriverCall): object {
    const request = call.request as { sandboxId?: string; sandbox?: { id: string; name: string; workspace: string } }
    switch (call.method) {
      case 'getCapabilities':
        return { driverName: 'acme-driver', driverVersion: '1.2.3', defaultImage: 'acme/base:1' }
      case 'createSandbox':
        if (request.sandbox) this.#record(request.sandbox)
        return {}
      case 'listSandboxes':
        return { sandboxes: [...this.records.values()] }
      case 'getSandbox':
        return { sandbox: this.#existing(request.sandboxId) }
      case 'stopSandbox':
        this.#existing(request.sandboxId).status = stoppedStatus
        return {}
      case 'startSandbox':
        this.#existing(request.sandboxId).status = startedStatus
        return {}
      case 'deleteSandbox':
        return { deleted: this.records.delete(request.sandboxId ?? '') }
      default:
        return {}
    }
  }

  #record({ id, name, workspace }: { id: string; name: string; workspace: string }): void {
    this.records.set(id, { id, name, workspace, ...(this.createStatus && { status: this.createStatus }) })
  }

  #existing(id = '') {
    const record = this.records.get(id)
    if (!record) throw new DriverRefusal(5, 'no such sandbox')
    return record
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.add(resolve))
  }

  #changed(): void {
    for (const waiter of this.#waiters) waiter()
    this.#waiters.clear()
  }
}
