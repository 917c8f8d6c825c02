import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2'
import { Duplex } from 'node:stream'
import { create, fromBinary } from '@bufbuild/protobuf'
import { status as Code } from '@grpc/grpc-js'
import { encodeBytesHead, encodeMessage } from '@openshell-ts/protocol/grpc'
import { type RelayFrame, RelayFrameSchema } from '@openshell-ts/protocol/v0-0'
import { GrpcFrameReader, grpcPrefix } from './grpc-frames.js'

/** The most bytes in one frame. */
const FRAME_BYTES = 16 * 1024

/** How much may wait in each direction. */
const BUFFER_BYTES = 256 * 1024

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
  readonly #call: ClientHttp2Stream
  readonly #claimed: Promise<void>
  readonly #frames = new GrpcFrameReader()
  #status: string | undefined

  constructor(call: ClientHttp2Stream, { channelId, allowHalfOpen }: RelayStreamOptions) {
    super({ allowHalfOpen, highWaterMark: BUFFER_BYTES })
    this.#call = call
    this.#claimed = new Promise((resolve) => {
      call.once('response', (headers) => {
        this.#readStatus(headers)
        resolve()
      })
    })
    call.on('trailers', (trailers) => this.#readStatus(trailers))
    call.on('data', (bytes: Buffer) => this.#receive(bytes))
    call.on('end', () => this.#receiveEnd())
    call.on('error', (error) => this.destroy(error))
    call.on('close', () => this.destroy())
    this.#sendInit(channelId)
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#transfer([chunk], callback)
  }

  override _writev(chunks: { chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    // Many small packets become few frames.
    this.#transfer(
      chunks.map(({ chunk }) => chunk),
      callback,
    )
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#call.end(() => callback())
  }

  override _read(): void {
    this.#call.resume()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#call.closed) this.#call.close(constants.NGHTTP2_CANCEL)
    callback(error)
  }

  #readStatus(headers: IncomingHttpHeaders): void {
    const status = headers['grpc-status']
    const httpStatus = Number(headers[':status'] ?? 200)
    if (typeof status === 'string') this.#status = status
    if (httpStatus !== 200) this.destroy(new Error(`The gateway answered with HTTP status ${httpStatus}.`))
    else if (typeof status === 'string' && status !== '0') this.destroy(refusal(status, headers['grpc-message']))
  }

  #receive(bytes: Buffer): void {
    try {
      for (const message of this.#frames.read(bytes)) this.#receiveFrame(fromBinary(RelayFrameSchema, message))
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #receiveFrame({ payload }: RelayFrame): void {
    if (payload.case !== 'data') throw new Error('The gateway sent a relay frame without data.')
    if (payload.value.length > 0 && !this.push(payload.value)) this.#call.pause()
  }

  #receiveEnd(): void {
    if (this.#status === undefined) this.destroy(new Error('The gateway ended the relay without a status.'))
    else this.push(null)
  }

  #sendInit(channelId: string): void {
    const init = encodeMessage(
      RelayFrameSchema,
      create(RelayFrameSchema, { payload: { case: 'init', value: { channelId } } }),
    )
    this.#call.write(Buffer.concat([grpcPrefix(init.length), init]))
  }

  #transfer(pieces: readonly Buffer[], callback: (error?: Error | null) => void): void {
    const [first, ...others] = toFrames(pieces)
    if (!first) {
      callback()
      return
    }
    void this.#claimed.then(() => {
      // Corked, they are one write, and nothing is copied to make it so. The callback of the first waits for all.
      this.#call.cork()
      this.#call.write(first, callback)
      for (const part of others) this.#call.write(part)
      this.#call.uncork()
    })
  }
}

/** The bytes of as few frames as carry the pieces, which themselves stay where they are. */
function toFrames(pieces: readonly Buffer[]): readonly Buffer[] {
  const parts: Buffer[] = []
  let frame: Buffer[] = []
  let frameBytes = 0
  const finish = () => {
    if (frameBytes === 0) return
    const head = encodeBytesHead(RelayFrameSchema, 'data', frameBytes)
    parts.push(Buffer.concat([grpcPrefix(head.length + frameBytes), head]), ...frame)
    frame = []
    frameBytes = 0
  }
  for (const piece of pieces) {
    for (let start = 0; start < piece.length; ) {
      const part = piece.subarray(start, start + FRAME_BYTES - frameBytes)
      frame.push(part)
      frameBytes += part.length
      start += part.length
      if (frameBytes === FRAME_BYTES) finish()
    }
  }
  finish()
  return parts
}

function refusal(status: string, message: string | string[] | undefined): Error {
  const text = typeof message === 'string' ? safeDecode(message) : ''
  return new Error(`${Code[Number(status)] ?? status}: ${text}`)
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
