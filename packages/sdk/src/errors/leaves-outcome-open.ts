import { isPassing } from './is-passing.js'
import type { OpenShellError } from './openshell-error.js'

/** True when the gateway may have made the change that failed, so that only reading the state tells. */
export function leavesOutcomeOpen(error: OpenShellError): boolean {
  if (!error.dispatched || error.kind === 'resource-exhausted') return false
  return isPassing(error) || error.kind === 'outcome-uncertain'
}
