import type { OpenShellErrorFields } from './openshell-error.js'

/** True for failures that time alone may cure. The end of the caller's own time is none. */
export function isPassing({ kind, cause }: Pick<OpenShellErrorFields, 'kind' | 'cause'>): boolean {
  if (cause instanceof Error && cause.name === 'TimeoutError') return false
  return kind === 'unavailable' || kind === 'timeout' || kind === 'resource-exhausted'
}
