import { createServer, type Socket, type Server as TcpServer } from 'node:net'
import { create, type DescMessage } from '@bufbuild/protobuf'
import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type ServerWritableStream } from '@grpc/grpc-js'
import { toGrpcServiceDefinition } from '@openshell-ts/protocol/grpc'
import type { WireLine } from '../src/index.js'
import { type LineWords, WORDS } from './line-words.js'

/** What a handler may throw: a status with its details as raw bytes, in one entry or several. */
export interface ScriptedStatus {
  readonly code: number
  readonly message: string
  readonly details?: Uint8Array | readonly Uint8Array[]
}

type Reply = object | Promise<object>
type UnaryHandler = (request: never, call: ServerUnaryCall<unknown, unknown>) => Reply
type StreamHandler = (request: never, call: ServerWritableStream<unknown, unknown>) => void

/** A gateway that does exactly what the test says: for faults that a real one, and dev-gateway, do not produce on demand. */
export interface ScriptedGateway extends AsyncDisposable {
  readonly endpoint: string
  /** Names of the calls that arrived, in order. */
  readonly calls: readonly string[]
  /** Cuts every connection, without a goodbye. */
  dropConnections(): void
  /** Cuts every connection, and leads new ones to another port. */
  redirect(port: number): void
  /** Lets nothing through any more on the connections that are open, and does not end them. */
  silenceConnections(): void
  /** How many connections were accepted so far. */
  readonly accepted: number
  /** How many of them are open. */
  readonly open: number
  close(): Promise<void>
}

/** Method names of the service, such as `createSandbox`, with what they do. `health` answers the line's version unless scripted. */
export interface Script {
  readonly unary?: Readonly<Record<string, UnaryHandler>>
  readonly stream?: Readonly<Record<string, StreamHandler>>
  /** Serves TLS in place of plaintext, with a client certificate demanded when asked for. */
  readonly tls?: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer; readonly demandClient?: boolean }
}

/** Starts a gateway that speaks a line of the wire; its handlers get that line's requests. */
export async function startScriptedGateway(line: WireLine, script: Script = {}): Promise<ScriptedGateway> {
  const calls: string[] = []
  const server = new Server()
  const { service, version } = WORDS[line]
  const unary: Record<string, UnaryHandler> = { health: () => ({ status: 1, version }), ...script.unary }
  const answers = (name: string) => ({ name, output: outputOf(service, name), calls })
  const handlers = Object.fromEntries([
    ...Object.entries(unary).map(([name, handler]) => [name, answerUnary(answers(name), handler)]),
    ...Object.entries(script.stream ?? {}).map(([name, handler]) => [name, answerStream(answers(name), handler)]),
  ])
  server.addService(toGrpcServiceDefinition(service), handlers)
  const port = await bind(server, script.tls)
  const front = await startFront(port)
  const close = async () => {
    await front.close()
    server.forceShutdown()
  }
  return {
    endpoint: `${script.tls ? 'https' : 'http'}://127.0.0.1:${front.port}`,
    calls,
    dropConnections: front.drop,
    redirect: front.redirect,
    silenceConnections: front.silence,
    get accepted() {
      return front.accepted()
    },
    get open() {
      return front.open()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Ends a stream with a status. */
export function failStream(call: ServerWritableStream<unknown, unknown>, status: ScriptedStatus): void {
  call.emit('error', toServiceError(status))
}

interface Answers {
  readonly name: string
  readonly output: DescMessage
  readonly calls: string[]
}

function answerUnary({ name, output, calls }: Answers, handler: UnaryHandler) {
  return async (call: ServerUnaryCall<unknown, unknown>, callback: (error: unknown, reply?: unknown) => void) => {
    calls.push(name)
    try {
      callback(null, create(output, (await handler(call.request as never, call)) as Record<string, unknown>))
    } catch (error) {
      callback(toServiceError(error as ScriptedStatus))
    }
  }
}

function answerStream({ name, output, calls }: Answers, handler: StreamHandler) {
  return (call: ServerWritableStream<unknown, unknown>) => {
    calls.push(name)
    const write = call.write.bind(call)
    call.write = ((message: object) => write(create(output, message as Record<string, unknown>))) as typeof call.write
    handler(call.request as never, call)
  }
}

function outputOf(service: LineWords['service'], name: string): DescMessage {
  const method = service.methods.find(({ localName }) => localName === name)
  if (!method) throw new TypeError(`The service has no method ${name}.`)
  return method.output
}

function toServiceError({ code, message, details }: ScriptedStatus): object {
  const metadata = new Metadata()
  metadata.set('x-request-id', 'correlation-1')
  for (const entry of details instanceof Uint8Array ? [details] : (details ?? [])) {
    metadata.add('grpc-status-details-bin', Buffer.from(entry))
  }
  return Object.assign(new Error(message), { code, details: message, metadata })
}

function bind(server: Server, tls: Script['tls']): Promise<number> {
  const serverCredentials = tls
    ? ServerCredentials.createSsl(tls.ca, [{ cert_chain: tls.cert, private_key: tls.key }], tls.demandClient)
    : ServerCredentials.createInsecure()
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', serverCredentials, (error, port) => (error ? reject(error) : resolve(port)))
  })
}

// Connections go through a relay of our own, so that they can be cut without the server's help.
async function startFront(firstTarget: number) {
  const { connect } = await import('node:net')
  const sockets = new Set<Socket>()
  let accepted = 0
  let target = firstTarget
  const front: TcpServer = createServer({ noDelay: true }, (socket) => {
    accepted += 1
    const upstream = connect({ port: target, host: '127.0.0.1', noDelay: true })
    for (const end of [socket, upstream]) {
      sockets.add(end)
      end.on('error', () => undefined)
      end.on('close', () => sockets.delete(end))
    }
    socket.on('close', () => upstream.destroy())
    upstream.on('close', () => socket.destroy())
    socket.pipe(upstream).pipe(socket)
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  const address = front.address()
  if (address === null || typeof address === 'string') throw new TypeError('The relay has no port.')
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  const silence = () => {
    for (const socket of sockets) socket.unpipe().pause()
  }
  return {
    port: address.port,
    accepted: () => accepted,
    // Each has an end here and one at the gateway.
    open: () => sockets.size / 2,
    drop,
    redirect: (next: number) => {
      target = next
      drop()
    },
    silence,
    close: () =>
      new Promise<void>((resolve) => {
        front.close(() => resolve())
        drop()
      }),
  }
}
