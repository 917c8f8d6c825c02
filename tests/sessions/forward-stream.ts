import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2'
import { Duplex } from 'node:stream'
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { OpenShell, TcpForwardFrameSchema } from '@openshell-ts/protocol/v0-0'

type Init = Extract<MessageInitShape<typeof TcpForwardFrameSchema>['payload'], { case: 'init' }>['value']

// What clients put into one frame at most.
const frameBytes = 65_536

/**
 * The bytes of a forward, over HTTP/2 without a gRPC library: those of Node end the request side of a call when its answer has
 * ended, and here each side ends when it wants to.
 */
export class ForwardStream extends Duplex {
  readonly #session: ClientHttp2Session
  readonly #call: ClientHttp2Stream
  #rest = Buffer.alloc(0)
  /** `grpc-status` and `grpc-message` of the answer, once it has ended. */
  status: string | undefined

  constructor(endpoint: string, init: Init) {
    super({ allowHalfOpen: true })
    this.#session = connect(endpoint)
    // The call fails with it.
    this.#session.on('error', () => undefined)
    this.#call = this.#session.request({
      ':method': 'POST',
      ':path': `/${OpenShell.typeName}/${OpenShell.method.forwardTcp.name}`,
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    const readStatus = (headers: Record<string, unknown>) => {
      if (headers['grpc-status'] !== undefined)
        this.status = `${headers['grpc-status']} ${headers['grpc-message'] ?? ''}`
    }
    this.#call.on('response', readStatus).on('trailers', readStatus)
    this.#call.on('data', (bytes: Buffer) => this.#receive(bytes))
    this.#call.on('end', () => this.push(null))
    this.#call.on('error', (error) => this.destroy(error))
    this.#call.on('close', () => this.destroy())
    this.#call.write(toFrame({ case: 'init', value: init }))
  }

  override _read(): void {
    this.#call.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    const frames: Buffer[] = []
    for (let start = 0; start < chunk.length; start += frameBytes) {
      frames.push(toFrame({ case: 'data', value: chunk.subarray(start, start + frameBytes) }))
    }
    this.#call.write(Buffer.concat(frames), callback)
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#call.end(() => callback())
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#call.close(constants.NGHTTP2_CANCEL)
    this.#session.close()
    callback(error)
  }

  #receive(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    while (this.#rest.length >= 5 && this.#rest.length >= 5 + this.#rest.readUInt32BE(1)) {
      const end = 5 + this.#rest.readUInt32BE(1)
      const { payload } = fromBinary(TcpForwardFrameSchema, this.#rest.subarray(5, end))
      this.#rest = this.#rest.subarray(end)
      if (payload.case === 'data' && payload.value.length > 0 && !this.push(payload.value)) this.#call.pause()
    }
  }
}

function toFrame(payload: MessageInitShape<typeof TcpForwardFrameSchema>['payload']): Buffer {
  const message = toBinary(TcpForwardFrameSchema, create(TcpForwardFrameSchema, { payload } as never))
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}
