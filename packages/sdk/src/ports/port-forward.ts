import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { ClientContext } from '../calls/client-context.js'
import { OpenShellError } from '../errors/openshell-error.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import { toForwardTarget } from './check-ports.js'
import { openForward } from './open-forward.js'
import type { PortForwardOptions } from './port-options.js'
import { watchSandboxGone } from './watch-sandbox-gone.js'

/** A local port that leads into a sandbox until it is closed. It keeps the process alive as long as it is open. */
export class PortForward implements AsyncDisposable {
  /** Where it listens. */
  readonly localHost: string
  readonly localPort: number
  /** Resolves when it is closed: with the reason when it closed by itself, with undefined when it was asked to. Never rejects. */
  readonly closed: Promise<OpenShellError | undefined>
  readonly #context: ClientContext
  readonly #address: SandboxAddress
  readonly #options: PortForwardOptions
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #closing = new AbortController()
  #reason: OpenShellError | undefined

  /** @internal Forwards come from `ports.forward`. */
  static async open(
    context: ClientContext,
    address: SandboxAddress,
    options: PortForwardOptions,
  ): Promise<PortForward> {
    // Says at once what every connection would run into: a sandbox that is not there, a client that is closed.
    const scope = { rpc: 'GetSandbox', sandboxName: address.name, signal: options.signal }
    await context.gateway.read(scope, (codec, call) => codec.sandboxes.get(address.workspace, address.name, call))
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true })
    server.listen({ host: options.localHost ?? '127.0.0.1', port: options.localPort ?? 0 })
    try {
      await once(server, 'listening')
    } catch (cause) {
      throw cannotListen(options, cause)
    }
    return new PortForward(context, address, options, server)
  }

  private constructor(context: ClientContext, address: SandboxAddress, options: PortForwardOptions, server: Server) {
    this.#context = context
    this.#address = address
    this.#options = options
    this.#server = server
    const { address: host, port } = server.address() as AddressInfo
    this.localHost = host
    this.localPort = port
    this.closed = new Promise((resolve) => server.once('close', () => resolve(this.#reason)))
    // A connection that could not be accepted, such as for want of file descriptors; the next one may be.
    server.on('error', (cause) => this.#tell(notAccepted(this.#address, cause)))
    server.on('connection', (socket) => void this.#carry(socket))
    const { signal } = this.#closing
    const close = () => void this.close()
    options.signal?.addEventListener('abort', close, { once: true, signal })
    if (options.signal?.aborted) close()
    void watchSandboxGone(context.gateway, address, signal).then((reason) => {
      this.#reason = reason
      return this.close()
    })
  }

  /** Stops listening and cuts its connections. Resolves when the port is free; doing so again changes nothing. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort(new DOMException('The forward was closed.', 'AbortError'))
      this.#server.close()
      for (const socket of this.#sockets) socket.destroy()
    }
    await this.closed
  }

  /** Closes it. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #carry(socket: Socket): Promise<void> {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    // A client that leaves while the connection waits for its turn gives up that turn.
    const left = new AbortController()
    socket.once('close', () => left.abort())
    socket.on('error', () => undefined)
    try {
      const target = toForwardTarget(this.#options)
      const stream = await openForward(this.#context.gateway, this.#address, { target, signal: left.signal })
      // What breaks it is the rejection of the pipelines; what ends it after them is nobody's error.
      stream.on('error', () => undefined)
      try {
        await Promise.all([pipeline(socket, stream), pipeline(stream, socket)])
      } finally {
        stream.destroy()
      }
    } catch (error) {
      this.#report(error, left.signal)
    } finally {
      socket.destroy()
    }
  }

  // What the local side or a close has caused is nobody's error.
  #report(error: unknown, left: AbortSignal): void {
    if (this.#closing.signal.aborted || !(error instanceof OpenShellError)) return
    if (left.aborted && error.kind === 'aborted') return
    this.#tell(error)
  }

  #tell(error: OpenShellError): void {
    const { onConnectionError, targetPort } = this.#options
    const { logger } = this.#context
    const forward = `of the forward to port ${targetPort}`
    if (!onConnectionError) {
      logger?.warn(`A connection ${forward}: ${error.message}`)
      return
    }
    // Nobody waits for it, and what it throws must not end the process.
    void (async () => onConnectionError(error))().catch(() =>
      logger?.warn(`onConnectionError ${forward} threw. It was to hear: ${error.message}`),
    )
  }
}

function notAccepted({ name }: SandboxAddress, cause: Error): OpenShellError {
  const code = 'code' in cause ? cause.code : 'unknown error'
  return new OpenShellError({
    kind: 'resource-exhausted',
    message: `ports.forward: a connection could not be accepted (${code}).`,
    hint: 'Close what this process does not need, or let it open more files.',
    sandboxName: name,
    cause,
  })
}

function cannotListen({ localHost = '127.0.0.1', localPort = 0 }: PortForwardOptions, cause: unknown): OpenShellError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : 'unknown error'
  return new OpenShellError({
    kind: 'configuration',
    message: `ports.forward: cannot listen on ${localHost}, port ${localPort} (${code}).`,
    hint: 'Choose another localPort, or 0 for a free one.',
    cause,
  })
}
