/**
 * True for what an asynchronous function returns. Checks are synchronous, so nobody waits for it; its rejection must not end the
 * process as one that nobody handles.
 */
export function silencePromise(outcome: unknown): boolean {
  if (typeof outcome !== 'object' || outcome === null) return false
  try {
    if (typeof Reflect.get(outcome, 'then') !== 'function') return false
  } catch {
    return false
  }
  Promise.resolve(outcome).catch(() => undefined)
  return true
}
