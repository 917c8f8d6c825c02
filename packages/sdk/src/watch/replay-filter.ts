import { createHash } from 'node:crypto'
import type { LogLine } from '../model/log-line.js'
import type { PlatformEvent } from '../model/platform-event.js'

// Twice as many as a gateway replays at most, so that everything that it can repeat is known.
const REMEMBERED_ITEMS = 4_000

/**
 * Drops what a reopened stream repeats. Line 0.0 cannot resume: it replays a tail, and what has been seen before is known by its time
 * and its content, and what came before all that by its place. Time alone does not tell: lines of the sandbox arrive later than those of
 * the gateway, and have the time of another clock.
 */
export class ReplayFilter {
  #lastAt = Number.NEGATIVE_INFINITY
  /** How often each item was let through, the oldest first. */
  readonly #seen = new Map<string, number>()
  /** How often each of them may still be repeated. */
  #repeats: Map<string, number> | undefined
  #oldestReplayed: number | undefined
  /** Whether the replay has got to what was seen, or past it. */
  #caughtUp = false
  #delivered = 0

  /** How many items have been let through. */
  get delivered(): number {
    return this.#delivered
  }

  /** Call when a stream is opened again. */
  reopen(): void {
    this.#repeats = this.#delivered > 0 ? new Map(this.#seen) : undefined
    this.#oldestReplayed = undefined
    this.#caughtUp = this.#delivered === 0
  }

  /** What to do with an item: `pass` it on, `drop` a repetition, or report a `gap` before passing it on. */
  decide(item: LogLine | PlatformEvent): 'pass' | 'drop' | 'gap' {
    const at = item.at.getTime()
    const identity = identityOf(item)
    const gap = this.#opensWithGap(at)
    const repeated = this.#repeated(identity)
    if (repeated || at > this.#lastAt) this.#caughtUp = true
    // What the replay begins with came before what the watch began with.
    if (repeated || (this.#repeats && !this.#caughtUp)) return 'drop'
    this.#remember(at, identity)
    return gap ? 'gap' : 'pass'
  }

  // The replay has to reach back to what was seen last; when even its oldest item is newer, something is missing.
  #opensWithGap(at: number): boolean {
    if (!this.#repeats || this.#oldestReplayed !== undefined) return false
    this.#oldestReplayed = at
    return at > this.#lastAt
  }

  #repeated(identity: string): boolean {
    const left = this.#repeats?.get(identity) ?? 0
    if (left > 0) this.#repeats?.set(identity, left - 1)
    return left > 0
  }

  #remember(at: number, identity: string): void {
    this.#delivered += 1
    this.#lastAt = Math.max(this.#lastAt, at)
    this.#seen.set(identity, (this.#seen.get(identity) ?? 0) + 1)
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > REMEMBERED_ITEMS && oldest !== undefined) this.#seen.delete(oldest)
  }
}

// A digest, because lines may be long and many are kept.
function identityOf(item: LogLine | PlatformEvent): string {
  const kind = 'target' in item ? [item.level, item.target] : [item.type, item.reason]
  const identity = JSON.stringify([item.at.getTime(), item.source, ...kind, item.message])
  return createHash('sha256').update(identity).digest('base64')
}
