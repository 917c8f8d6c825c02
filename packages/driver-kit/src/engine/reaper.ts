import { setTimeout as pause } from 'node:timers/promises'
import type { EngineParts } from './engine-parts.js'
import { removeSandbox } from './remove-sandbox.js'
import type { SandboxEntry } from './sandbox-entry.js'

const firstPauseMs = 1_000
const longestPauseMs = 300_000

/**
 * Removes what is left of sandboxes that nobody will ask for again: a create that failed, or an operation that a crash cut
 * off. Their records stay until the backend is clean, so that a restart goes on where this process stopped.
 */
export class Reaper {
  readonly #stopped = new AbortController()
  readonly #waiting = new Set<string>()

  /** Whether the sandbox's leftovers are still there. */
  isReaping(id: string): boolean {
    return this.#waiting.has(id)
  }

  /** Cleans up once, and goes on in the background when that fails. The sandbox is gone for gateways either way. */
  async reap(parts: EngineParts, entry: SandboxEntry): Promise<void> {
    const clean = await this.#attempt(parts, entry)
    entry.launch.end()
    if (parts.registry.remove(entry)) parts.hub.publishDeleted(entry.id)
    if (!clean) void this.#retry(parts, entry)
  }

  /** Cleans up again after a deleted sandbox, because a handler that had been given up has settled only now. */
  async sweepUp(parts: EngineParts, entry: SandboxEntry): Promise<void> {
    const clean = await entry.lane.run(async () => {
      return parts.registry.get(entry.id) === entry || this.#attempt(parts, entry)
    })
    if (!clean) await this.#retry(parts, entry)
  }

  /** Ends the attempts in the background; the next start goes on with them. */
  close(): void {
    this.#stopped.abort()
  }

  async #attempt(parts: EngineParts, entry: SandboxEntry): Promise<boolean> {
    const { logger } = parts
    try {
      await removeSandbox(parts, entry)
      return true
    } catch (error) {
      logger.error({ err: error, sandboxId: entry.id }, 'The leftovers of a sandbox could not be removed; trying again')
      return false
    }
  }

  async #retry(parts: EngineParts, entry: SandboxEntry): Promise<void> {
    const { signal } = this.#stopped
    this.#waiting.add(entry.id)
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      await pause(pauseMs, undefined, { signal, ref: false }).catch(() => undefined)
      if (!signal.aborted && (await this.#attempt(parts, entry))) break
    }
    this.#waiting.delete(entry.id)
  }
}
