import { violation } from './check-text.js'
import { throwViolations } from './throw-violations.js'

/** The revision that a change is based on, as the wire takes it; 0, which is not checked, when it is absent. */
export function toRevision(rpc: string, expectedResourceVersion: string | undefined): bigint {
  if (expectedResourceVersion === undefined) return 0n
  // On the wire 0 turns the check off, which is what leaving the option out says.
  if (!/^[1-9]\d{0,18}$/.test(expectedResourceVersion)) {
    const description = 'must be the resourceVersion of what was read: a whole number from 1, as text'
    throwViolations(rpc, [violation('expectedResourceVersion', 'INVALID_VALUE', description)])
  }
  return BigInt(expectedResourceVersion)
}
