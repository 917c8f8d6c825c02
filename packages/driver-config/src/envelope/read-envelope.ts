import { type DriverConfigBlock, isDriverConfigBlock } from './driver-config-block.js'
import type { JsonValue } from './json-value.js'

/** One block of an envelope; `value` is absent when reading it threw. */
export interface EnvelopeMember {
  readonly driverName: string
  readonly value?: JsonValue
}

/**
 * The blocks of an envelope in its own order; `undefined` for anything that is no object with text keys. Never throws: what a
 * caller builds in memory may have getters and proxies that do.
 */
export function readEnvelope(envelope: unknown): readonly EnvelopeMember[] | undefined {
  try {
    if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope)) return undefined
    return Object.keys(envelope).flatMap((driverName) => readMember(envelope, driverName))
  } catch {
    return undefined
  }
}

/** A member that is `undefined` is no block. */
function readMember(envelope: object, driverName: string): EnvelopeMember[] {
  try {
    const value: JsonValue | DriverConfigBlock | undefined = Reflect.get(envelope, driverName)
    if (value === undefined) return []
    return [{ driverName, value: isDriverConfigBlock(value) ? value.encode() : value }]
  } catch {
    return [{ driverName }]
  }
}
