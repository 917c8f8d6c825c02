import { formatPath } from '../issue/path.js'
import type { DriverConfigBlock, DriverConfigEnvelope } from './driver-config-block.js'
import { encodeJsonObject } from './encode-json.js'
import { EnvelopeError } from './envelope-error.js'
import type { JsonObject } from './json-value.js'
import { readEnvelope } from './read-envelope.js'

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
  const members = readEnvelope(blocks)
  if (members === undefined) {
    throw new EnvelopeError('driver_config', 'an envelope is an object; write one block for each driver.')
  }
  for (const { driverName, value } of members) {
    if (value !== undefined) continue
    throw new EnvelopeError(formatPath('driver_config', [driverName]), 'this block cannot be read.')
  }
  return encodeJsonObject(
    Object.fromEntries(members.map(({ driverName, value }) => [driverName, value])),
    'driver_config',
  )
}
