import { connect } from 'node:http2'
import { createConnection } from 'node:net'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  ComputeDriver,
  type WatchSandboxesEvent,
  WatchSandboxesEventSchema,
  WatchSandboxesRequestSchema,
} from '@openshell-ts/protocol/compute'

/** gRPC's prefix of a message: whether it is compressed, and its length. */
const prefixBytes = 5
const openWindow = 1_048_576

/** A watch whose reader takes nothing: its window of HTTP/2 stays shut, so that the driver has to keep or to end what it sends. */
export class SlowWatch {
  readonly #session
  readonly #stream
  readonly #chunks: Buffer[] = []
  #ended = false
  #wake: () => void = () => {}

  constructor(socketPath: string) {
    this.#session = connect('http://localhost', {
      createConnection: () => createConnection(socketPath),
      settings: { initialWindowSize: 0 },
    })
    // The driver may end the connection; that is an end of the watch like any other.
    this.#session.on('error', () => this.#end())
    this.#stream = this.#session.request({
      ':method': 'POST',
      ':path': `/${ComputeDriver.typeName}/WatchSandboxes`,
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    this.#stream.on('error', () => this.#end())
    this.#stream.on('close', () => this.#end())
    this.#stream.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#wake()
    })
    this.#stream.end(withPrefix(toBinary(WatchSandboxesRequestSchema, create(WatchSandboxesRequestSchema))))
  }

  /** Whether the driver has ended the watch. */
  get ended(): boolean {
    return this.#ended
  }

  /** Begins to read. */
  open(): void {
    if (!this.#session.destroyed) this.#session.settings({ initialWindowSize: openWindow })
  }

  /** Resolves when the condition holds for what was read, or the watch has ended, or the signal aborts. */
  async until(condition: (events: readonly WatchSandboxesEvent[]) => boolean, signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    while (!this.#ended && !signal.aborted && !condition(this.events())) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      await Promise.race([woken, aborted])
    }
  }

  /** What was read so far. */
  events(): WatchSandboxesEvent[] {
    const bytes = Buffer.concat(this.#chunks)
    const events: WatchSandboxesEvent[] = []
    let start = 0
    while (bytes.length >= start + prefixBytes) {
      const end = start + prefixBytes + bytes.readUInt32BE(start + 1)
      if (bytes.length < end) break
      events.push(fromBinary(WatchSandboxesEventSchema, bytes.subarray(start + prefixBytes, end)))
      start = end
    }
    return events
  }

  close(): void {
    this.#session.destroy()
  }

  #end(): void {
    this.#ended = true
    this.#wake()
  }
}

function withPrefix(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(prefixBytes)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}
