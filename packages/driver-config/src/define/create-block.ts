import { markerKey } from '../check/marker.js'
import type { DriverConfigBlock } from '../envelope/driver-config-block.js'
import { encodeJsonObject } from '../envelope/encode-json.js'
import { EnvelopeError } from '../envelope/envelope-error.js'

/** A block of one version; `value` is copied now, so that later changes to it have no effect. */
export function createBlock(driverName: string, schemaVersion: number, value: unknown): DriverConfigBlock {
  const body = encodeJsonObject(value, driverName)
  if (Object.hasOwn(body, markerKey) && body[markerKey] !== schemaVersion) {
    const problem = `a block of this config is written for ${markerKey} ${schemaVersion}; remove the key.`
    throw new EnvelopeError(`${driverName}.${markerKey}`, problem)
  }
  const encoded = { [markerKey]: schemaVersion, ...body }
  return { driverName, schemaVersion, encode: () => structuredClone(encoded) }
}
