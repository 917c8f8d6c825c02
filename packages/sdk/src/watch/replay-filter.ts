import type { LogLine, PlatformEvent } from '../model/watch-event.js'

/**
 * Drops what a reopened stream repeats. Line 0.0 cannot resume: it replays a tail, and what has been seen before is known by
 * its time and its content.
 */
export class ReplayFilter {
  #lastAt = Number.NEGATIVE_INFINITY
  readonly #seenAtLast = new Set<string>()
  #replaying = false
  #oldestReplayed: number | undefined
  #delivered = 0

  /** How many items have been let through. */
  get delivered(): number {
    return this.#delivered
  }

  /** Call when a stream is opened again. */
  reopen(): void {
    this.#replaying = this.#delivered > 0
    this.#oldestReplayed = undefined
  }

  /** What to do with an item: `pass` it on, `drop` a repetition, or report a `gap` before passing it on. */
  decide(item: LogLine | PlatformEvent): 'pass' | 'drop' | 'gap' {
    const at = item.at.getTime()
    const gap = this.#opensWithGap(at)
    if (this.#replaying && this.#seen(at, item)) return 'drop'
    this.#remember(at, item)
    return gap ? 'gap' : 'pass'
  }

  // The replay has to reach back to what was seen last; when even its oldest item is newer, something is missing.
  #opensWithGap(at: number): boolean {
    if (!this.#replaying || this.#oldestReplayed !== undefined) return false
    this.#oldestReplayed = at
    return at > this.#lastAt
  }

  #seen(at: number, item: LogLine | PlatformEvent): boolean {
    if (at > this.#lastAt) return false
    return at < this.#lastAt || this.#seenAtLast.has(identityOf(item))
  }

  #remember(at: number, item: LogLine | PlatformEvent): void {
    this.#delivered += 1
    if (at > this.#lastAt) {
      this.#lastAt = at
      this.#seenAtLast.clear()
    }
    if (at === this.#lastAt) this.#seenAtLast.add(identityOf(item))
  }
}

function identityOf(item: LogLine | PlatformEvent): string {
  const kind = 'target' in item ? [item.level, item.target] : [item.type, item.reason]
  return JSON.stringify([item.source, ...kind, item.message])
}
