import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { type ClientDuplexStream, credentials, Metadata } from '@grpc/grpc-js'
import { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import {
  type GatewayMessage,
  OpenShell,
  type SupervisorMessage,
  SupervisorMessageSchema,
} from '@openshell-ts/protocol/v0-0'
import ssh2, { type ServerChannel } from 'ssh2'
import { generateHostKey } from './host-key.js'
import { relayFrame, relayStreamDuplex } from './relay-stream-duplex.js'

type SupervisorMessageInit = MessageInitShape<typeof SupervisorMessageSchema>

/** What a test's SSH server does with a command. */
export type CommandHandler = (
  line: string,
  channel: ServerChannel,
  terminal: object | undefined,
  environment?: Readonly<Record<string, string>>,
) => void

/** A supervisor written for tests: connects with a sandbox's token, and serves commands by a handler. */
export class TestSupervisor implements AsyncDisposable {
  readonly messages: GatewayMessage[] = []
  readonly client: GrpcServiceClient<typeof OpenShell>
  readonly metadata = new Metadata()
  /** What happens when the gateway asks for a relay; serves commands when it is not replaced. */
  onRelayOpen: (channelId: string) => void = (channelId) => this.serveRelay(channelId)
  onCommand: CommandHandler = (_line, channel) => {
    channel.exit(0)
    channel.end()
  }
  #stream: ClientDuplexStream<SupervisorMessage, GatewayMessage> | undefined
  readonly #waiters = new Set<() => void>()

  constructor(endpoint: string, token: string) {
    this.client = new GrpcServiceClient(OpenShell, endpoint.replace('http://', ''), credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
    })
    this.metadata.set('authorization', `Bearer ${token}`)
  }

  /** Opens a session and resolves when it was accepted; rejects with the gateway's refusal. */
  async connect(sandboxId: string, instanceId = 'instance-1'): Promise<void> {
    const stream = this.client.bidiStream('connectSupervisor', { metadata: this.metadata })
    this.#stream = stream
    stream.on('data', (message: GatewayMessage) => {
      this.messages.push(message)
      for (const waiter of this.#waiters) waiter()
      if (message.payload.case === 'relayOpen') this.onRelayOpen(message.payload.value.channelId)
    })
    const accepted = this.received('sessionAccepted')
    const failed = once(stream, 'error').then(([error]) => Promise.reject(error))
    failed.catch(() => undefined)
    this.send({ case: 'hello', value: { sandboxId, instanceId } })
    await Promise.race([accepted, failed])
  }

  /** Resolves when a message of this kind has arrived. */
  async received(kind: GatewayMessage['payload']['case']): Promise<GatewayMessage> {
    for (;;) {
      const message = this.messages.find(({ payload }) => payload.case === kind)
      if (message) return message
      await new Promise<void>((resolve) => this.#waiters.add(resolve))
    }
  }

  /** Sends a message on the session. */
  send(payload: NonNullable<SupervisorMessageInit['payload']>): void {
    this.#stream?.write(create(SupervisorMessageSchema, { payload } as SupervisorMessageInit))
  }

  /** Resolves with `undefined` when the gateway ended the session, or with the error that it ended it with. */
  async sessionEnded(): Promise<unknown> {
    const stream = this.#stream
    if (!stream) throw new Error('The supervisor never connected.')
    return new Promise((resolve) => {
      stream.once('end', () => resolve(undefined))
      stream.once('error', resolve)
    })
  }

  /** Ends the session in the way of a supervisor that goes away. */
  disconnect(): void {
    this.#stream?.on('error', () => undefined)
    this.#stream?.cancel()
  }

  /** Ends the session's request side, and resolves when the gateway has ended the other one. */
  async disconnectAndWait(): Promise<void> {
    const stream = this.#stream
    if (!stream || stream.closed || stream.readableEnded) return
    const ended = this.sessionEnded()
    stream.end()
    await ended
  }

  /** Picks up a relay and serves SSH on it. */
  serveRelay(channelId: string): Duplex {
    const frames = this.client.bidiStream('relayStream', { metadata: this.metadata })
    frames.write(relayFrame({ case: 'init', value: { channelId } }))
    this.send({ case: 'relayOpenResult', value: { channelId, success: true } })
    const duplex = relayStreamDuplex(frames)
    const server = new ssh2.Server({ hostKeys: [generateHostKey()] }, (connection) => {
      connection.on('authentication', (attempt) => attempt.accept())
      connection.on('error', () => undefined)
      connection.on('session', (accept) => {
        const session = accept()
        let terminal: object | undefined
        const environment: Record<string, string> = {}
        session.on('env', (acceptEnv, _reject, { key, val }) => {
          environment[key] = String(val)
          acceptEnv?.()
        })
        session.on('pty', (acceptPty, _reject, info) => {
          terminal = info
          acceptPty?.()
        })
        session.on('exec', (acceptExec, _reject, info) =>
          this.onCommand(info.command, acceptExec(), terminal, environment),
        )
      })
    })
    server.injectSocket(duplex as never)
    return duplex
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disconnect()
    this.client.close()
  }
}
