import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'

/** What a running command says. */
export interface ExecOutput {
  readonly type: 'stdout' | 'stderr'
  readonly bytes: Uint8Array
}

/** Where output goes, and who hears of it. */
export interface OutputQueueOptions {
  /** Takes output; resolves when more may come. */
  readonly deliver: (output: ExecOutput) => Promise<void>
  /** Hears that everything which came has been delivered. */
  readonly onEmpty: () => void
  /** Hears why a delivery failed. Nothing is delivered after it. */
  readonly onError: (error: unknown) => void
}

interface Delivery {
  readonly type: ExecOutput['type']
  readonly stream: Readable
  readonly pieces: Buffer[]
  lengthBytes: number
}

// How much of a stream may wait for a slow caller before the command has to.
const readAheadBytes = 256 * 1024
// How much goes to the caller at once.
const deliveryBytes = 128 * 1024

/**
 * Delivers a command's output in the order in which it came, one delivery after the other. What a stream says at once, or
 * while a delivery takes its time, goes together into the next one.
 */
export class OutputQueue {
  readonly #options: OutputQueueOptions
  readonly #waiting: Delivery[] = []
  // Each stream waits for its own output only: a busy stdout would keep a paused stderr from ever being read.
  readonly #undelivered = new Map<Readable, number>()
  #delivering: Promise<void> | undefined

  constructor(options: OutputQueueOptions) {
    this.#options = options
  }

  /** Whether everything that came has been delivered. */
  get isEmpty(): boolean {
    return this.#delivering === undefined
  }

  /** Takes what a stream has said, and pauses the stream while too much of it is undelivered. */
  add(type: ExecOutput['type'], bytes: Buffer, stream: Readable): void {
    const last = this.#waiting.at(-1)
    if (last?.type === type && last.lengthBytes + bytes.length <= deliveryBytes) {
      last.pieces.push(bytes)
      last.lengthBytes += bytes.length
    } else {
      this.#waiting.push({ type, stream, pieces: [bytes], lengthBytes: bytes.length })
    }
    if (this.#count(stream, bytes.length) > readAheadBytes) stream.pause()
    this.#delivering ??= this.#deliverAll().catch(this.#options.onError)
  }

  /** Resolves when everything has been delivered that came before. */
  async delivered(): Promise<void> {
    await this.#delivering
  }

  async #deliverAll(): Promise<void> {
    // What has come with it is there by then.
    await setImmediate()
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const { type, stream, pieces, lengthBytes } = next
      const [only, ...others] = pieces
      await this.#options.deliver({
        type,
        bytes: only && others.length === 0 ? only : Buffer.concat(pieces, lengthBytes),
      })
      if (this.#count(stream, -lengthBytes) <= readAheadBytes) stream.resume()
    }
    this.#delivering = undefined
    this.#options.onEmpty()
  }

  #count(stream: Readable, bytes: number): number {
    const undelivered = (this.#undelivered.get(stream) ?? 0) + bytes
    this.#undelivered.set(stream, undelivered)
    return undelivered
  }
}
