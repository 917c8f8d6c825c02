import { create } from '@bufbuild/protobuf'
import { type DriverSandbox, type WatchSandboxesEvent, WatchSandboxesEventSchema } from '@openshell-ts/protocol/compute'
import { WatchFeed } from './watch-feed.js'

/** Where a feed's first snapshot comes from, and how far a reader may fall behind. */
export interface WatchHubOptions {
  /** All sandboxes as they are now. */
  readonly snapshot: () => Iterable<DriverSandbox>
  /** How many live events may wait for one reader; with one more, that reader is cut off with an error. */
  readonly backlogLimit: number
}

/**
 * How many deletions are kept while nobody watches; the oldest are left to the gateway's own comparison of its rows with
 * the list.
 */
const untoldLimit = 10_000

/**
 * Hands every change to every watcher, in order. Publishing never waits for a reader.
 *
 * A snapshot cannot tell that a sandbox is gone, and a gateway keeps what it misses there. So a deletion that no watcher
 * has been given, or that one has not read when it leaves, is kept for the next watcher.
 */
export class WatchHub {
  readonly #options: WatchHubOptions
  readonly #feeds = new Set<WatchFeed>()
  readonly #untold = new Set<string>()
  #closed = false

  constructor(options: WatchHubOptions) {
    this.#options = options
  }

  /**
   * A feed of all sandboxes and then of every change, after the deletions that have not been told. All in one step, so
   * nothing is lost or sent twice.
   */
  subscribe(): WatchFeed {
    const feed = new WatchFeed(this.#options.backlogLimit, (unread) => {
      this.#feeds.delete(feed)
      this.#keepDeletions(unread)
    })
    const sandboxes = [...this.#options.snapshot()]
    feed.begin([...this.#takeDeletions(sandboxes), ...sandboxes.map(sandboxEvent)])
    if (this.#closed) feed.shutDown()
    else this.#feeds.add(feed)
    return feed
  }

  /** Tells all watchers what a sandbox is now. */
  publishSandbox(sandbox: DriverSandbox): void {
    if (this.#feeds.size > 0) this.publish(sandboxEvent(sandbox))
  }

  /** Tells all watchers that a sandbox is gone, or the next one when there is none. */
  publishDeleted(sandboxId: string): void {
    if (this.#feeds.size > 0) this.publish(deletedEvent(sandboxId))
    else this.#keep(sandboxId)
  }

  /** Tells all watchers about an event. */
  publish(event: WatchSandboxesEvent): void {
    for (const feed of this.#feeds) feed.push(event)
  }

  /** Ends all feeds, and every later one after its snapshot. */
  close(): void {
    this.#closed = true
    for (const feed of this.#feeds) feed.shutDown()
  }

  #takeDeletions(sandboxes: readonly DriverSandbox[]): readonly WatchSandboxesEvent[] {
    // An id may have been created again meanwhile.
    for (const { id } of sandboxes) this.#untold.delete(id)
    const deletions = [...this.#untold].map(deletedEvent)
    this.#untold.clear()
    return deletions
  }

  #keepDeletions(unread: readonly WatchSandboxesEvent[]): void {
    for (const { payload } of unread) {
      if (payload.case === 'deleted') this.#keep(payload.value.sandboxId)
    }
  }

  #keep(sandboxId: string): void {
    this.#untold.add(sandboxId)
    const [oldest] = this.#untold
    if (this.#untold.size > untoldLimit && oldest !== undefined) this.#untold.delete(oldest)
  }
}

function sandboxEvent(sandbox: DriverSandbox): WatchSandboxesEvent {
  return create(WatchSandboxesEventSchema, { payload: { case: 'sandbox', value: { sandbox } } })
}

function deletedEvent(sandboxId: string): WatchSandboxesEvent {
  return create(WatchSandboxesEventSchema, { payload: { case: 'deleted', value: { sandboxId } } })
}
