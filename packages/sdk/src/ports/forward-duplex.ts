import { Duplex } from 'node:stream'
import type { ForwardEvent } from '../wire/forward-calls.js'

/** What gateways take in one frame. */
const FRAME_BYTES = 65_536

type Done = (error?: Error | null) => void

/** Opens the stream below: takes what goes to the sandbox, and gives what comes from there. */
export type OpenForwardStream = (
  data: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  onAccepted: () => void,
) => AsyncGenerator<ForwardEvent, void, undefined>

/**
 * A connection into a sandbox. Each side ends by itself, as with a socket that allows half-open connections, and a slow side holds
 * back the other.
 */
export class ForwardDuplex extends Duplex {
  /** Fingerprint of the sandbox's SSH host key, as the gateway knows it; absent when it knows none. */
  readonly hostKeyFingerprint: string | undefined
  /** Resolves when the gateway has agreed; rejects with its refusal. */
  readonly accepted: Promise<void>
  readonly #events: AsyncGenerator<ForwardEvent, void, undefined>
  readonly #abort = new AbortController()
  #chunk: { readonly bytes: Uint8Array; readonly done: Done } | undefined
  #ending: Done | undefined
  #wake = () => {}
  #pulling = false
  #refuse: (error: unknown) => void = () => undefined

  constructor(open: OpenForwardStream, hostKeyFingerprint?: string) {
    super({ allowHalfOpen: true, emitClose: true })
    this.hostKeyFingerprint = hostKeyFingerprint
    let accept = () => {}
    this.accepted = new Promise((resolve, reject) => {
      accept = resolve
      this.#refuse = reject
    })
    this.accepted.catch(() => undefined)
    this.#events = open(this.#upstream(), this.#abort.signal, accept)
    void this.#pull()
  }

  override _read(): void {
    void this.#pull()
  }

  override _write(bytes: Uint8Array, _encoding: BufferEncoding, done: Done): void {
    this.#chunk = { bytes, done }
    this.#wake()
  }

  override _final(done: Done): void {
    this.#ending = done
    this.#wake()
  }

  override _destroy(error: Error | null, done: Done): void {
    const inOrder = error === null && this.readableEnded && this.writableFinished
    const reason = error ?? new Error('The connection was closed.')
    if (!inOrder) this.#abort.abort(reason)
    this.#refuse(reason)
    this.#chunk?.done(reason)
    this.#chunk = undefined
    this.#wake()
    void this.#events.return().catch(() => undefined)
    done(error)
  }

  async *#upstream(): AsyncGenerator<Uint8Array, void, undefined> {
    while (!this.#abort.signal.aborted) {
      const chunk = this.#chunk
      if (chunk) {
        for (let start = 0; start < chunk.bytes.length; start += FRAME_BYTES) {
          yield chunk.bytes.subarray(start, start + FRAME_BYTES)
        }
        if (this.#chunk !== chunk) return
        this.#chunk = undefined
        chunk.done()
      } else if (this.#ending) {
        // The end goes out when this returns, before anybody can react to the callback.
        setImmediate(this.#ending)
        return
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }

  async #pull(): Promise<void> {
    if (this.#pulling) return
    this.#pulling = true
    try {
      for (let wanted = true; wanted; ) {
        const { value, done } = await this.#events.next()
        if (done) return this.#finish()
        if (value.type === 'end') return void this.#watchEnd()
        wanted = this.push(value.data)
      }
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)))
    }
    this.#pulling = false
  }

  // The sandbox sends no more. The call itself ends when this side has ended too, or when nobody listens to it any more.
  async #watchEnd(): Promise<void> {
    this.push(null)
    try {
      await this.#events.next()
      if (!this.writableEnded) this.destroy(new Error('The sandbox has closed the connection.'))
    } catch (error) {
      if (!this.destroyed) this.destroy(error instanceof Error ? error : new Error(String(error)))
    }
  }

  // The call is over, and with it both directions.
  #finish(): void {
    if (!this.writableEnded) this.once('end', () => this.destroy())
    this.push(null)
  }
}
