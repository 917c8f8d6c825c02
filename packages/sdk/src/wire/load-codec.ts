import type { Transport } from '@connectrpc/connect'
import type { WireCodec } from './wire-codec.js'

/** The wire lines that this release speaks. */
export type WireLine = '0.0' | '0.1'

/** Loads the codec of a line; the generated code comes with it, and not before. */
export async function loadCodec(line: WireLine, transport: Transport): Promise<WireCodec> {
  const { createCodec } = line === '0.0' ? await import('./v0-0/codec.js') : await import('./v0-1/codec.js')
  return createCodec(transport)
}
