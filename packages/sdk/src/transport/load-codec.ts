import type { Transport } from '@connectrpc/connect'
import type { WireCodec } from '../wire/wire-codec.js'
import type { WireLine } from '../wire/wire-line.js'

/** Loads the codec of a line for a gateway of this version; the generated code comes with it, and not before. */
export async function loadCodec(line: WireLine, version: string, transport: Transport): Promise<WireCodec> {
  const { createCodec } = line === '0.0' ? await import('../wire/v0-0/codec.js') : await import('../wire/v0-1/codec.js')
  return createCodec(transport, version)
}
