import type { Transport } from '@connectrpc/connect'
import type { WireCodec } from './wire-codec.js'

/** The wire lines that this release speaks. */
export type WireLine = '0.0'

/** Loads the codec of a line; the generated code comes with it, and not before. */
export async function loadCodec(line: WireLine, transport: Transport): Promise<WireCodec> {
  switch (line) {
    case '0.0': {
      const { createCodec } = await import('./v0-0/codec.js')
      return createCodec(transport)
    }
  }
}
