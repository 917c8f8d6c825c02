import type { MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import { credentials } from '@grpc/grpc-js'
import { ComputeDriver } from '@openshell-ts/protocol/compute'
import { GrpcServiceClient, type MethodNames } from '@openshell-ts/protocol/grpc'
import { socketPathLimit } from '@openshell-ts/protocol/unix-sockets'
import type { GatewayClock } from '../clock/gateway-clock.js'
import { answerLimitBytes, isNotConnected, toDriverError } from './driver-error.js'
import type { DriverWatchStream } from './driver-watch-stream.js'

type UnaryMethod = MethodNames<typeof ComputeDriver, 'unary'>
type Method<Name extends UnaryMethod> = (typeof ComputeDriver)['method'][Name]

/** The gateway's connection to its compute driver. */
export interface DriverClient {
  /** Calls a method. Without a deadline, as the real gateway does it. Rejects with `StatusError`. */
  call<Name extends UnaryMethod>(
    name: Name,
    request: MessageInitShape<Method<Name>['input']>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<MessageShape<Method<Name>['output']>>
  /** Opens the watch stream; destroying it cancels the call. */
  watch(): DriverWatchStream
  /** Ends the connection and every call on it, and resolves when nothing is left of them. Never rejects. */
  close(): Promise<void>
}

/** How the gateway connects to a driver. */
export interface ConnectDriverOptions {
  /** Path of the driver's Unix socket. */
  readonly socketPath: string
  /** How long to keep trying, in milliseconds; at least one attempt is made. */
  readonly timeoutMs: number
  /** How long to wait between attempts, in milliseconds. */
  readonly retryMs: number
  readonly clock: GatewayClock
}

// How long one attempt may take: enough for a busy machine, and short enough to see a driver that has just come.
const attemptMs = 250

/**
 * Connects to the driver, trying again until somebody listens.
 *
 * @throws Error with the gateway's text when nobody does within the time, or when the path is too long for a socket.
 */
export async function connectDriver(options: ConnectDriverOptions): Promise<DriverClient> {
  checkSocketPath(options.socketPath)
  const { clock } = options
  const deadline = clock.now() + options.timeoutMs
  for (;;) {
    const client = createClient(options.socketPath)
    try {
      await client.waitForReady(new Date(Date.now() + attemptMs))
      return new ReconnectingDriverClient(options.socketPath, client)
    } catch (error) {
      client.close()
      if (clock.now() >= deadline) throw new Error(connectText(options), { cause: error })
      await clock.sleep(options.retryMs)
    }
  }
}

function checkSocketPath(path: string): void {
  if (path === '') throw new Error('The compute driver socket path is empty; give the path that the driver listens on.')
  const bytes = Buffer.byteLength(path) + 1
  if (bytes <= socketPathLimit) return
  throw new Error(
    `The compute driver socket path has ${bytes - 1} bytes, but a socket path may have ${socketPathLimit - 1}: ${path}. ` +
      'Use a shorter directory for the socket.',
  )
}

function connectText({ socketPath, timeoutMs }: ConnectDriverOptions): string {
  return (
    `failed to create compute runtime: failed to connect to remote compute driver socket '${socketPath}' within ` +
    `${timeoutMs / 1000}s: transport error`
  )
}

function createClient(socketPath: string): GrpcServiceClient<typeof ComputeDriver> {
  return new GrpcServiceClient(ComputeDriver, `unix:${socketPath}`, credentials.createInsecure(), {
    'grpc.default_authority': '[::]:50051',
    'grpc.max_receive_message_length': answerLimitBytes,
    'grpc.max_send_message_length': -1,
    // Several gateways in one process must not share a connection.
    'grpc.use_local_subchannel_pool': 1,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.min_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 250,
    'grpc.enable_retries': 0,
  })
}

/** One channel to the driver. */
class DriverChannel {
  readonly client: GrpcServiceClient<typeof ComputeDriver>
  #calls = 0
  #retired = false

  constructor(client: GrpcServiceClient<typeof ComputeDriver>) {
    this.client = client
  }

  async call<Name extends UnaryMethod>(
    name: Name,
    request: MessageInitShape<Method<Name>['input']>,
    signal: AbortSignal | undefined,
  ): Promise<MessageShape<Method<Name>['output']>> {
    this.#calls += 1
    try {
      return await this.client.unary(name, request, { signal })
    } finally {
      this.#calls -= 1
      this.#closeWhenUnused()
    }
  }

  /** Closes the channel after its last call. */
  retire(): void {
    this.#retired = true
    this.#closeWhenUnused()
  }

  #closeWhenUnused(): void {
    if (this.#retired && this.#calls === 0) this.client.close()
  }
}

/**
 * The real gateway's channel tries to connect with every call. grpc-js answers with its last failure while it backs off, so
 * a call that meets such a failure goes to a new channel.
 */
class ReconnectingDriverClient implements DriverClient {
  readonly #socketPath: string
  #channel: DriverChannel
  #closed = false

  constructor(socketPath: string, client: GrpcServiceClient<typeof ComputeDriver>) {
    this.#socketPath = socketPath
    this.#channel = new DriverChannel(client)
  }

  async call<Name extends UnaryMethod>(
    name: Name,
    request: MessageInitShape<Method<Name>['input']>,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<MessageShape<Method<Name>['output']>> {
    const channel = this.#channel
    try {
      return await channel.call(name, request, signal).catch((error: unknown) => {
        if (!isNotConnected(error) || this.#closed) throw error
        return this.#replace(channel).call(name, request, signal)
      })
    } catch (error) {
      throw toDriverError(error)
    }
  }

  watch(): DriverWatchStream {
    return this.#channel.client.serverStream('watchSandboxes', {})
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#channel.client.close()
  }

  /** The channel to use after this one could not connect; calls that fail together share one. */
  #replace(failed: DriverChannel): DriverChannel {
    if (this.#channel === failed) {
      this.#channel = new DriverChannel(createClient(this.#socketPath))
      failed.retire()
    }
    return this.#channel
  }
}
