import { type DriverConfigBlock, type DriverConfigEnvelope, isDriverConfigBlock } from './driver-config-block.js'
import { encodeJsonObject } from './encode-json.js'
import type { JsonObject } from './json-value.js'

/** An envelope of typed blocks. A later block for the same driver replaces an earlier one. */
export function envelope(...blocks: readonly DriverConfigBlock[]): DriverConfigEnvelope {
  return Object.fromEntries(blocks.map((block) => [block.driverName, block]))
}

/**
 * The envelope as plain JSON, as it goes over the wire.
 *
 * @throws EnvelopeError with the path, for a block that is not an object and for everything that protobuf would change or lose
 * silently: `undefined` in lists, numbers that are not finite, dates and other classes, ill-formed text.
 */
export function encodeEnvelope(blocks: DriverConfigEnvelope): JsonObject {
  const plain = Object.entries(blocks).map(([driverName, block]) => [
    driverName,
    isDriverConfigBlock(block) ? block.encode() : block,
  ])
  return encodeJsonObject(Object.fromEntries(plain), 'driver_config')
}
