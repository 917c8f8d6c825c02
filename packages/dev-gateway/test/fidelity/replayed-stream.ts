import { setTimeout as sleep } from 'node:timers/promises'
import type { DescMethod, Message } from '@bufbuild/protobuf'
import type { ClientReadableStream } from '@grpc/grpc-js'
import { writeMessage } from './message-json.js'
import type { Json, JsonMap } from './recording.js'
import { streamEnd } from './stream-end.js'

/** A stream that a scenario's client reads, and what it has brought. */
export class ReplayedStream {
  readonly rpc: string
  readonly #call: ClientReadableStream<Message>
  readonly #events: Json[] = []
  readonly #begun: Promise<void>
  readonly #over: Promise<void>
  #end: JsonMap | undefined

  constructor(method: DescMethod, call: ClientReadableStream<Message>) {
    this.rpc = method.name
    this.#call = call
    this.#begun = new Promise((resolve) => call.once('data', () => resolve()))
    call.on('data', (message) => this.#events.push(writeMessage(method.output, message)))
    this.#over = streamEnd(call).then((end) => {
      this.#end = end
    })
  }

  /** How many events have come. */
  get activity(): number {
    return this.#events.length + (this.#end ? 1 : 0)
  }

  /** Resolves when something has come, or the stream has ended. */
  begun(): Promise<void> {
    return Promise.race([this.#begun, this.#over])
  }

  /** Resolves when the stream has ended, or after this long. */
  async ended(withinMs: number): Promise<void> {
    const aborter = new AbortController()
    await Promise.race([this.#over, sleep(withinMs, undefined, { signal: aborter.signal }).catch(() => undefined)])
    aborter.abort()
  }

  /** What has been seen until now. */
  result(): JsonMap {
    const events = [...this.#events]
    return this.#end ? { rpc: this.rpc, open: false, end: this.#end, events } : { rpc: this.rpc, open: true, events }
  }

  /** Ends the stream when it is still open. */
  cancel(): void {
    this.#call.on('error', () => undefined)
    this.#call.cancel()
  }
}
