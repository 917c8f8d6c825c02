import { Duplex } from 'node:stream'
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import type { ClientDuplexStream } from '@grpc/grpc-js'
import { type RelayFrame, RelayFrameSchema } from '@openshell-ts/protocol/v0-0'

type RelayFrameInit = MessageInitShape<typeof RelayFrameSchema>

/** A frame of a relay. */
export function relayFrame(payload: NonNullable<RelayFrameInit['payload']>): RelayFrame {
  return create(RelayFrameSchema, { payload } as RelayFrameInit)
}

/** The bytes of a relay that a supervisor has picked up. */
export function relayStreamDuplex(frames: ClientDuplexStream<RelayFrame, RelayFrame>): Duplex {
  const duplex = new Duplex({
    read() {},
    write(chunk, _encoding, callback) {
      frames.write(relayFrame({ case: 'data', value: chunk }), callback)
    },
    final(callback) {
      frames.end()
      callback()
    },
  })
  duplex.on('error', () => undefined)
  frames.on('data', ({ payload }: RelayFrame) => payload.case === 'data' && duplex.push(payload.value))
  frames.on('end', () => {
    duplex.push(null)
    frames.end()
  })
  frames.on('error', () => duplex.destroy())
  return duplex
}
