import { setMaxListeners } from 'node:events'

/** A signal that aborts with the first of several, and lets go of them when the work is done. */
export interface LinkedSignal {
  readonly signal: AbortSignal
  /** Aborts the signal; does nothing to its sources. */
  abort(reason?: unknown): void
  /** Stops listening to the sources. `AbortSignal.any` would hold on to long-lived ones. */
  release(): void
}

/** A signal that aborts with the first of several; one alone is given as it is, which costs a call nothing. */
export function joinSignals(...sources: readonly (AbortSignal | undefined)[]): Omit<LinkedSignal, 'abort'> {
  const present = sources.filter((source) => source !== undefined)
  const [only] = present
  if (!only || present.length > 1) return linkSignals(...present)
  setMaxListeners(0, only)
  return { signal: only, release: () => undefined }
}

/** Links a new signal to the sources that are there. */
export function linkSignals(...sources: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController()
  const present = sources.filter((source) => source !== undefined)
  const onAbort = ({ target }: Event) => controller.abort(target instanceof AbortSignal ? target.reason : undefined)
  // Calls in parallel are no leak: each lets go of the signal at its end.
  setMaxListeners(0, controller.signal, ...present)
  const aborted = present.find((source) => source.aborted)
  if (aborted) controller.abort(aborted.reason)
  else for (const source of present) source.addEventListener('abort', onAbort)
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    release: () => {
      for (const source of present) source.removeEventListener('abort', onAbort)
    },
  }
}
