import { Duplex } from 'node:stream'
import { create } from '@bufbuild/protobuf'
import { type RelayFrame, RelayFrameSchema } from '@openshell-ts/protocol/v0-0'
import type { RelayCall } from './gateway-connection.js'

/** The most bytes in one frame. */
const FRAME_BYTES = 16 * 1024

/** What a relay's stream needs. */
export interface RelayStreamOptions {
  /** The gateway's name for the relay. */
  readonly channelId: string
  /** Whether bytes may still be written after the gateway has ended its side; otherwise that ends ours too. */
  readonly allowHalfOpen: boolean
}

/**
 * The bytes of a relay as a duplex stream.
 *
 * Bytes move only after the gateway's response headers, which say that the channel is claimed. Ending the writable side ends
 * the request, the end of the response ends the readable side, destroying cancels the call.
 */
export class RelayStream extends Duplex {
  readonly #call: RelayCall
  readonly #claimed: Promise<void>
  #responseEnded = false

  constructor(call: RelayCall, { channelId, allowHalfOpen }: RelayStreamOptions) {
    super({ allowHalfOpen })
    this.#call = call
    this.#claimed = new Promise((resolve) => call.once('metadata', () => resolve()))
    call.on('data', (frame) => this.#receive(frame))
    call.on('end', () => {
      this.#responseEnded = true
      this.push(null)
    })
    call.on('error', (error) => this.destroy(error))
    call.write(create(RelayFrameSchema, { payload: { case: 'init', value: { channelId } } }))
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#transfer(chunk, callback)
  }

  override _writev(chunks: { chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    // Many small packets become few frames.
    this.#transfer(Buffer.concat(chunks.map(({ chunk }) => chunk)), callback)
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#call.once('finish', () => callback())
    this.#call.end()
  }

  override _read(): void {
    this.#call.resume()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#responseEnded || !this.writableFinished) this.#call.cancel()
    callback(error)
  }

  #receive({ payload }: RelayFrame): void {
    if (payload.case !== 'data') {
      this.destroy(new Error('The gateway sent a relay frame without data.'))
      return
    }
    if (payload.value.length > 0 && !this.push(payload.value)) this.#call.pause()
  }

  #transfer(bytes: Buffer, callback: (error?: Error | null) => void): void {
    this.#claimed.then(() => this.#send(bytes, callback))
  }

  #send(bytes: Buffer, callback: (error?: Error | null) => void): void {
    const frame = create(RelayFrameSchema, { payload: { case: 'data', value: bytes.subarray(0, FRAME_BYTES) } })
    this.#call.write(frame, (error: Error | null | undefined) => {
      if (error || bytes.length <= FRAME_BYTES) callback(error)
      else this.#send(bytes.subarray(FRAME_BYTES), callback)
    })
  }
}
