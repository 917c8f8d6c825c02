import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { type ClientReadableStream, credentials } from '@grpc/grpc-js'
import {
  ComputeDriver,
  type DriverSandboxSchema,
  type DriverSandboxSpecSchema,
  type DriverSandboxTemplateSchema,
  type WatchSandboxesEvent,
  WatchSandboxesRequestSchema,
} from '@openshell-ts/protocol/compute'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import {
  type Driver,
  type DriverServer,
  type ServeDriverOptions,
  type SettingDefinitions,
  serveDriver,
} from '../src/index.js'

export type ComputeClient = GrpcServiceClient<typeof ComputeDriver>

/** A folder with a path short enough for sockets; removed at the end of the test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp('/tmp/dk-')
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** A served driver, a client of it, and the folder that both live in. */
export interface ServedDriver extends AsyncDisposable {
  readonly folder: string
  readonly socketPath: string
  readonly stateDirectory: string
  readonly client: ComputeClient
  readonly server: DriverServer
  /** Ends the server and serves again on the same state. */
  restart<Current, Definitions extends SettingDefinitions>(
    driver: Driver<Current, Definitions>,
    options?: Partial<ServeDriverOptions<Definitions>>,
  ): Promise<void>
}

/** Serves a driver in a folder of its own. */
export async function serveInTest<Current, Definitions extends SettingDefinitions>(
  driver: Driver<Current, Definitions>,
  options: Partial<ServeDriverOptions<Definitions>> = {},
): Promise<ServedDriver> {
  const folder = await temporaryFolder()
  const socketPath = join(folder.path, 's', 'compute.sock')
  const stateDirectory = join(folder.path, 'state')
  const serve = <C, D extends SettingDefinitions>(served: Driver<C, D>, more: Partial<ServeDriverOptions<D>>) =>
    serveDriver(served, { socketPath, stateDirectory, drainTimeoutMs: 2_000, ...more })
  let server: DriverServer
  try {
    server = await serve(driver, options)
  } catch (error) {
    await folder[Symbol.asyncDispose]()
    throw error
  }
  let client = computeClient(socketPath)
  return {
    folder: folder.path,
    socketPath,
    stateDirectory,
    get client() {
      return client
    },
    get server() {
      return server
    },
    async restart(next, more = {}) {
      client.close()
      await server.close()
      server = await serve(next, more)
      client = computeClient(socketPath)
    },
    async [Symbol.asyncDispose]() {
      client.close()
      await server.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** A client of the driver on a socket. */
export function computeClient(socketPath: string): ComputeClient {
  // A connection of its own: clients that share one share its flow-control window too.
  return new GrpcServiceClient(ComputeDriver, `unix:${socketPath}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  })
}

/** What a test changes of a sandbox message. */
export interface SandboxFields {
  readonly name?: string
  readonly workspace?: string
  readonly spec?: MessageInitShape<typeof DriverSandboxSpecSchema>
  readonly template?: MessageInitShape<typeof DriverSandboxTemplateSchema>
}

/** A sandbox as a gateway sends it. */
export function sandboxMessage(
  id: string,
  { name = `name-${id}`, workspace = 'default', spec, template }: SandboxFields = {},
): MessageInitShape<typeof DriverSandboxSchema> {
  const merged = { command: ['/bin/bash', '-l'], tty: true, ...spec, template: { image: 'acme/base:1', ...template } }
  return { id, name, workspace, status: {}, spec: merged as MessageInitShape<typeof DriverSandboxSpecSchema> }
}

/** A watch that hands out its events one by one. */
export class TestWatch {
  readonly events: WatchSandboxesEvent[] = []
  readonly #stream: ClientReadableStream<WatchSandboxesEvent>
  readonly #waiting = new Set<() => void>()
  error: { code: number; details: string } | undefined

  /** Resolves when the watch has begun, so that no later change is part of its snapshot. */
  static async open(client: ComputeClient): Promise<TestWatch> {
    const stream = client.serverStream('watchSandboxes', create(WatchSandboxesRequestSchema))
    const watch = new TestWatch(stream)
    await new Promise((resolve) => stream.once('metadata', resolve))
    return watch
  }

  private constructor(stream: ClientReadableStream<WatchSandboxesEvent>) {
    this.#stream = stream
    this.#stream.on('data', (event: WatchSandboxesEvent) => {
      this.events.push(event)
      this.#wake()
    })
    this.#stream.on('error', (error) => {
      this.error = error as unknown as { code: number; details: string }
      this.#wake()
    })
  }

  /** Resolves when the events so far satisfy the condition. */
  async until(condition: (events: readonly WatchSandboxesEvent[]) => boolean): Promise<void> {
    while (!condition(this.events)) await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }

  /** Resolves with the error that ends the stream. */
  async ended(): Promise<{ code: number; details: string }> {
    while (this.error === undefined) await new Promise<void>((resolve) => this.#waiting.add(resolve))
    return this.error
  }

  /** The Ready conditions of one sandbox as `status reason`, `deleting`, `deleted`, or `event REASON`. */
  story(sandboxId: string): string[] {
    return this.events.flatMap(({ payload }) => {
      if (payload.case === 'deleted') return payload.value.sandboxId === sandboxId ? ['deleted'] : []
      if (payload.case === 'platformEvent') {
        return payload.value.sandboxId === sandboxId ? [`event ${payload.value.event?.reason}`] : []
      }
      const sandbox = payload.value?.sandbox
      if (sandbox?.id !== sandboxId) return []
      const ready = sandbox.status?.conditions.find(({ type }) => type === 'Ready')
      return [sandbox.status?.deleting ? 'deleting' : `${ready?.status} ${ready?.reason}`]
    })
  }

  close(): void {
    this.#stream.cancel()
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}
