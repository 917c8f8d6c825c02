import type { JsonObject, JsonValue } from './json-value.js'

/** A block that a typed builder made, ready for the envelope. */
export interface DriverConfigBlock {
  /** The key of the block. */
  readonly driverName: string
  /** The version that the block is written for. */
  readonly schemaVersion: number
  /** The block as plain JSON, with its marker. */
  encode(): JsonObject
}

/** The blocks of a template by driver name: plain JSON, or what a typed builder returned. */
export interface DriverConfigEnvelope {
  readonly [driverName: string]: JsonValue | DriverConfigBlock
}

/** True for what a typed builder returned; JSON never holds functions. */
export function isDriverConfigBlock(value: unknown): value is DriverConfigBlock {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'encode') === 'function'
}
