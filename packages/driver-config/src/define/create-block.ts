import { markerKey } from '../check/marker.js'
import type { DriverConfigBlock } from '../envelope/driver-config-block.js'
import { encodeJsonObject } from '../envelope/encode-json.js'

/** A block of one version; `value` is copied now, so that later changes to it have no effect. */
export function createBlock(driverName: string, schemaVersion: number, value: unknown): DriverConfigBlock {
  const encoded = { [markerKey]: schemaVersion, ...encodeJsonObject(value, driverName) }
  return { driverName, schemaVersion, encode: () => structuredClone(encoded) }
}
