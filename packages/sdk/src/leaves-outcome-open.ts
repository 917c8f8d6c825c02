import type { OpenShellError } from './errors.js'

/** True when the gateway may have made the change that failed, so that only reading the state tells. */
export function leavesOutcomeOpen({ kind, dispatched, cause }: OpenShellError): boolean {
  if (!dispatched || (cause instanceof Error && cause.name === 'TimeoutError')) return false
  return kind === 'unavailable' || kind === 'timeout' || kind === 'outcome-uncertain'
}
