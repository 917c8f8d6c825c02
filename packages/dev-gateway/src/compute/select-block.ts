import type { Struct } from '@bufbuild/protobuf/wkt'
import { invalidArgument } from '../errors/status-error.js'

/**
 * Picks the block of the active driver out of a driver_config envelope: the one whose key equals the configured name.
 *
 * Returns `undefined` when there is none, which is no error; other drivers' blocks are never looked at.
 *
 * @throws StatusError INVALID_ARGUMENT when the block is anything but an object.
 */
export function selectBlock(envelope: Struct | undefined, driverName: string): Struct | undefined {
  const fields = envelope?.fields
  if (!fields || !Object.hasOwn(fields, driverName)) return undefined
  const kind = fields[driverName]?.kind
  if (kind?.case !== 'structValue') throw invalidArgument(`template.driver_config.${driverName} must be an object`)
  return kind.value
}
