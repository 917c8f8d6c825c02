import { aborted } from '../server/status-error.js'

/**
 * Refuses a write that was based on another version than the present one. 0 is no version and matches each.
 *
 * @throws StatusError ABORTED with the present version, so that the caller can read and try again.
 */
export function checkResourceVersion(operation: string, expected: bigint, current: number): void {
  if (expected === 0n || expected === BigInt(current)) return
  throw aborted(`${operation} failed due to concurrent modification (current resource_version: ${current})`)
}
