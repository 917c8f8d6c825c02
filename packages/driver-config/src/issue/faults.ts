import type { IssueFault } from './codes.js'
import type { ConfigIssue } from './config-issue.js'

/** The canonical names of the gRPC status codes that config problems are answered with. */
export type FaultStatus = 'INVALID_ARGUMENT' | 'FAILED_PRECONDITION' | 'UNAVAILABLE' | 'INTERNAL'

/** The call that a report answers: the check before a creation, or the creation or start itself. */
export type FaultCall = 'validate' | 'create'

/**
 * The gRPC status that a list of issues is answered with.
 *
 * A fault of the driver outweighs everything, then a fault of the user; the rest is a failed precondition, or `UNAVAILABLE`
 * when nothing is wrong except that a lookup failed. A creation never answers `INVALID_ARGUMENT`, because the gateway keeps
 * only the text of `FAILED_PRECONDITION`.
 */
export function faultStatus(issues: readonly ConfigIssue[], call: FaultCall): FaultStatus {
  const faults = new Set<IssueFault>(issues.map((issue) => issue.fault))
  if (faults.has('driver')) return 'INTERNAL'
  if (call === 'create') return 'FAILED_PRECONDITION'
  if (faults.has('user')) return 'INVALID_ARGUMENT'
  const onlyLookups = issues.length > 0 && issues.every((issue) => issue.code === 'RESOURCE_CHECK_FAILED')
  return onlyLookups ? 'UNAVAILABLE' : 'FAILED_PRECONDITION'
}

/** The reason of the whole report: its code when it has one issue or one kind of issue, else `DRIVER_CONFIG_INVALID`. */
export function faultReason(issues: readonly ConfigIssue[]): string {
  const codes = new Set(issues.map((issue) => issue.code))
  const [first] = codes
  return codes.size === 1 && first !== undefined ? first : 'DRIVER_CONFIG_INVALID'
}
