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
  readonly #directory: string
  readonly #server = new Server()
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
    const driver = new ScriptedDriver(directory)
    Object.assign(driver.replies, replies)
    driver.#server.addService(driver.#definition(), driver.#implementation())
    await new Promise<void>((resolve, reject) => {
      driver.#server.bindAsync(`unix:${driver.socketPath}`, ServerCredentials.createInsecure(), (error) =>
        error ? reject(error) : resolve(),
      )
    })
    return driver
  }

  /** Answers a method by a list that is used up, or by one reply for ever; `undefined` goes back to the default. */
  script<Reply>(method: UnaryName, replies: Reply | Reply[] | undefined, answer: (reply: Reply) => object): void {
    delete this.replies[method]
    if (replies === undefined) return
    this.replies[method] = ((call: DriverCall) => {
      const reply = Array.isArray(replies) ? replies.shift() : replies
      return reply === undefined ? this.#default(call) : answer(reply)
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

  /** Sends an event on every watch stream. */
  emit(payload: NonNullable<WatchEventInit['payload']>): void {
    const event = create(WatchSandboxesEventSchema, { payload } as WatchEventInit)
    for (const watcher of this.#watchers) watcher.write(event)
  }

  /** Sends a snapshot of one sandbox. */
  emitStatus(id: string, name: string, status: Status): void {
    this.emit({ case: 'sandbox', value: { sandbox: { id, name, status } } })
  }

  /** Ends every watch stream. */
  endWatches(): void {
    for (const watcher of this.#watchers) watcher.end()
    this.#watchers.clear()
  }

  /** The encoded requests of one method, one after the other. */
  rawOf(method: string): Buffer {
    return Buffer.concat(this.#raw.filter(({ path }) => path.endsWith(`/${method}`)).map(({ bytes }) => bytes))
  }

  /** Goes away with its socket, as a driver that crashed and was cleaned up. */
  async stop(): Promise<void> {
    this.#server.forceShutdown()
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
      call.once('cancelled', () => aborter.abort())
      const received = { method: method.localName as UnaryName, request: call.request, signal: aborter.signal }
      this.calls.push(received)
      this.#changed()
      Promise.resolve()
        .then(() => this.#reply(received))
        .then(
          (response) => callback(null, create(method.output, response as never)),
          (error: unknown) => callback(error as never, null),
        )
    }
  }

  readonly #watch = (call: ServerWritableStream<unknown, unknown>) => {
    this.#watchers.add(call)
    call.once('cancelled', () => this.#watchers.delete(call))
    for (const sandbox of this.records.values()) {
      call.write(create(WatchSandboxesEventSchema, { payload: { case: 'sandbox', value: { sandbox } } }))
    }
    this.#changed()
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
