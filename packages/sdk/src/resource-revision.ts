import { violation } from './checks/check-text.js'
import { throwViolations } from './checks/throw-violations.js'

/** The revision that a change is based on, as the wire takes it; 0, which is not checked, when it is absent. */
export function toRevision(rpc: string, expectedResourceVersion: string | undefined): bigint {
  if (expectedResourceVersion === undefined) return 0n
  if (!/^\d{1,19}$/.test(expectedResourceVersion)) {
    const description = 'must be the resourceVersion of what was read, a whole number as text'
    throwViolations(rpc, [violation('expectedResourceVersion', 'INVALID_VALUE', description)])
  }
  return BigInt(expectedResourceVersion)
}
