import { status } from '@grpc/grpc-js'
import { ReasonedError } from '../errors/reasoned-error.js'

/**
 * Refuses a write that was based on another version than the present one. 0 is no version and matches each.
 *
 * @throws ReasonedError ABORTED with the present version, so that the caller can read and try again.
 */
export function checkResourceVersion(operation: string, expected: bigint, current: number): void {
  if (expected === 0n || expected === BigInt(current)) return
  throw versionConflict(`${operation} failed due to concurrent modification`, current)
}

/** ABORTED for a write that was based on something old; the text gets the present version. */
export function versionConflict(text: string, current: number): ReasonedError {
  const facts = { recovery: 'REFRESH_STATE', current_resource_version: String(current) }
  const details = `${text} (current resource_version: ${current})`
  return new ReasonedError(status.ABORTED, details, 'RESOURCE_VERSION_CONFLICT', facts)
}
