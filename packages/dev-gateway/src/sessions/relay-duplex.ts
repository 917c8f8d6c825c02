import { Duplex } from 'node:stream'
import { timerMs } from '../clock/timer-ms.js'

// What one frame to a supervisor carries at most.
const frameLimitBytes = 16_384
// How much may wait in each direction.
const bufferBytes = 256 * 1024

/** What a relay needs besides its frames. */
export interface RelayDuplexOptions {
  /** Delivers one frame and resolves when the transport takes more. */
  readonly send: (bytes: Uint8Array) => Promise<void>
  /** How long nothing may move once one side has ended before the relay is cut, in milliseconds. */
  readonly halfOpenTimeoutMs: number
}

/** The gateway's end of a relay: bytes written go to the supervisor in frames, bytes received can be read. */
export class RelayDuplex extends Duplex {
  readonly #options: RelayDuplexOptions
  #roomMade: (() => void) | undefined
  #halfOpen = false
  #idle: NodeJS.Timeout | undefined

  constructor(options: RelayDuplexOptions) {
    super({ highWaterMark: bufferBytes })
    this.#options = options
  }

  /** Takes bytes from the supervisor. Resolves when more may come. Empty frames mean nothing. */
  async receive(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0 || this.readableEnded || this.destroyed) return
    this.#moved()
    if (this.push(bytes)) return
    await new Promise<void>((resolve) => {
      this.#roomMade = resolve
    })
  }

  /** Takes the supervisor's end of input. */
  receiveEnd(): void {
    if (this.destroyed) return
    this.push(null)
    this.#sideEnded()
  }

  override _read(): void {
    this.#roomMade?.()
    this.#roomMade = undefined
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: (error?: Error) => void): void {
    this.#sendFrames(chunk).then(() => callback(), callback)
  }

  override _final(callback: (error?: Error) => void): void {
    this.#sideEnded()
    callback()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.#idle)
    this.#roomMade?.()
    this.#roomMade = undefined
    callback(error)
  }

  async #sendFrames(chunk: Uint8Array): Promise<void> {
    for (let start = 0; start < chunk.length; start += frameLimitBytes) {
      await this.#options.send(chunk.subarray(start, start + frameLimitBytes))
      this.#moved()
    }
  }

  #sideEnded(): void {
    this.#halfOpen = true
    this.#moved()
  }

  #moved(): void {
    if (!this.#halfOpen || this.destroyed) return
    this.#idle ??= setTimeout(() => this.destroy(), timerMs(this.#options.halfOpenTimeoutMs))
    this.#idle.refresh()
  }
}
