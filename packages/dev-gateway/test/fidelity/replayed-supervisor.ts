import { once } from 'node:events'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { type ClientDuplexStream, Metadata } from '@grpc/grpc-js'
import type { GrpcServiceClient } from '@openshell-ts/protocol/grpc'
import {
  type GatewayMessage,
  GatewayMessageSchema,
  type OpenShell,
  RelayFrameSchema,
  type SupervisorMessage,
  SupervisorMessageSchema,
} from '@openshell-ts/protocol/v0-0'
import { relayFrame } from '../relay-stream-duplex.js'
import { writeMessage } from './message-json.js'
import { serveRecordedSsh } from './recorded-ssh-server.js'
import type { Json, JsonMap, RelayBehavior } from './recording.js'
import { streamEnd } from './stream-end.js'

/** Who a supervisor is, and what it does when it is asked for a relay. */
export interface ReplayedSupervisorOptions {
  readonly sandboxId: string
  readonly token: string
  readonly instanceId: string
  readonly relay?: RelayBehavior | undefined
}

/** The supervisor of a scenario: connects, keeps what it hears, and answers relays as the recording's did. */
export class ReplayedSupervisor {
  readonly #client: GrpcServiceClient<typeof OpenShell>
  readonly #options: ReplayedSupervisorOptions
  readonly #metadata = new Metadata()
  readonly #messages: Json[] = []
  readonly #relays: JsonMap[] = []
  readonly #stream: ClientDuplexStream<SupervisorMessage, GatewayMessage>
  readonly #over: Promise<void>
  #end: JsonMap | undefined

  constructor(client: GrpcServiceClient<typeof OpenShell>, options: ReplayedSupervisorOptions) {
    this.#client = client
    this.#options = options
    if (options.token !== '') this.#metadata.set('authorization', `Bearer ${options.token}`)
    this.#stream = client.bidiStream('connectSupervisor', { metadata: this.#metadata })
    this.#stream.on('data', (message: GatewayMessage) => this.#receive(message))
    this.#over = streamEnd(this.#stream).then((end) => {
      this.#end = end
    })
    this.#send({ case: 'hello', value: { sandboxId: options.sandboxId, instanceId: options.instanceId } })
  }

  /** How many messages have come. */
  get activity(): number {
    return this.#messages.length
  }

  /** Resolves with the first message, or with the end when there is none. */
  async first(): Promise<Json> {
    await Promise.race([once(this.#stream, 'data'), this.#over])
    return this.#messages[0] ?? this.#end ?? null
  }

  /** Ends the session, and resolves when the gateway has ended its side; a cancelled one is over at once. */
  async close(how: 'cancel' | undefined): Promise<void> {
    if (how === 'cancel') this.#stream.cancel()
    else this.#stream.end()
    await this.#over
  }

  /** What has been seen until now; messages and relays go on growing. */
  dump(): JsonMap {
    return { messages: this.#messages, relays: this.#relays, ...(this.#end && { end: this.#end }) }
  }

  /** Ends everything, whatever state it is in. */
  dispose(): void {
    this.#stream.on('error', () => undefined)
    this.#stream.cancel()
  }

  #receive(message: GatewayMessage): void {
    this.#messages.push(writeMessage(GatewayMessageSchema, message))
    if (message.payload.case !== 'relayOpen') return
    const { channelId } = message.payload.value
    if (this.#options.relay === 'fail') {
      this.#send({ case: 'relayOpenResult', value: { channelId, success: false, error: 'lab refused' } })
    } else if (this.#options.relay) this.#openRelay(channelId, this.#options.relay)
  }

  #openRelay(channelId: string, behavior: 'open' | 'ssh'): void {
    const frames = this.#client.bidiStream('relayStream', { metadata: this.#metadata })
    frames.write(relayFrame({ case: 'init', value: { channelId } }))
    this.#send({ case: 'relayOpenResult', value: { channelId, success: true } })
    if (behavior === 'ssh') {
      this.#relays.push({ ssh: serveRecordedSsh(frames) })
      return
    }
    const seen: Json[] = []
    const relay: JsonMap = { frames: seen }
    this.#relays.push(relay)
    frames.on('data', (frame) => seen.push(writeMessage(RelayFrameSchema, frame)))
    void streamEnd(frames).then((end) => {
      relay['end'] = end
    })
    frames.once('data', () => frames.write(relayFrame({ case: 'data', value: Buffer.from('not-ssh\r\n') })))
  }

  #send(payload: NonNullable<MessageInitShape<typeof SupervisorMessageSchema>['payload']>): void {
    this.#stream.write(create(SupervisorMessageSchema, { payload } as MessageInitShape<typeof SupervisorMessageSchema>))
  }
}
