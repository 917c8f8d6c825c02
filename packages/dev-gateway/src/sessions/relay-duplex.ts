import { Duplex } from 'node:stream'

// What one frame to a supervisor carries at most.
const frameLimitBytes = 16_384

/** The gateway's end of a relay: bytes written go to the supervisor in frames, bytes received can be read. */
export class RelayDuplex extends Duplex {
  readonly #send: (bytes: Uint8Array) => Promise<void>
  #roomMade: (() => void) | undefined

  /** `send` delivers one frame and resolves when the transport takes more. */
  constructor(send: (bytes: Uint8Array) => Promise<void>) {
    super()
    this.#send = send
  }

  /** Takes bytes from the supervisor. Resolves when more may come. Empty frames mean nothing. */
  async receive(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0 || this.readableEnded || this.destroyed) return
    if (this.push(bytes)) return
    await new Promise<void>((resolve) => {
      this.#roomMade = resolve
    })
  }

  /** Takes the supervisor's end of input. */
  receiveEnd(): void {
    if (!this.destroyed) this.push(null)
  }

  override _read(): void {
    this.#roomMade?.()
    this.#roomMade = undefined
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: (error?: Error) => void): void {
    this.#sendFrames(chunk).then(() => callback(), callback)
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#roomMade?.()
    this.#roomMade = undefined
    callback(error)
  }

  async #sendFrames(chunk: Uint8Array): Promise<void> {
    for (let start = 0; start < chunk.length; start += frameLimitBytes) {
      await this.#send(chunk.subarray(start, start + frameLimitBytes))
    }
  }
}
