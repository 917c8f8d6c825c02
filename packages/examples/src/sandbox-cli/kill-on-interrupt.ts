import type { CommandHandle } from '@openshell-ts/sdk'

/**
 * Ends a killable command when the signal aborts, and goes on reading it to its end; when it cannot be ended, reading ends. Disposing
 * waits for the answer.
 */
export function killOnInterrupt(
  handle: CommandHandle,
  { signal, onFailure }: { readonly signal: AbortSignal; readonly onFailure: (error: unknown) => void },
): AsyncDisposable {
  let killed: Promise<unknown> = Promise.resolve()
  const kill = () => {
    killed = handle.kill().catch((error: unknown) => {
      onFailure(error)
      handle.cancel()
    })
  }
  if (signal.aborted) kill()
  else signal.addEventListener('abort', kill, { once: true })
  return {
    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', kill)
      await killed
    },
  }
}
