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

/** Hands every change to every watcher, in order. Publishing never waits for a reader. */
export class WatchHub {
  readonly #options: WatchHubOptions
  readonly #feeds = new Set<WatchFeed>()
  #closed = false

  constructor(options: WatchHubOptions) {
    this.#options = options
  }

  /** A feed of all sandboxes and then of every change. Both happen in one step, so nothing is lost or sent twice. */
  subscribe(): WatchFeed {
    const feed = new WatchFeed(this.#options.backlogLimit, () => this.#feeds.delete(feed))
    feed.begin([...this.#options.snapshot()].map(sandboxEvent))
    if (this.#closed) feed.shutDown()
    else this.#feeds.add(feed)
    return feed
  }

  /** Tells all watchers what a sandbox is now. */
  publishSandbox(sandbox: DriverSandbox): void {
    if (this.#feeds.size > 0) this.publish(sandboxEvent(sandbox))
  }

  /** Tells all watchers that a sandbox is gone. */
  publishDeleted(sandboxId: string): void {
    this.publish(create(WatchSandboxesEventSchema, { payload: { case: 'deleted', value: { sandboxId } } }))
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
}

function sandboxEvent(sandbox: DriverSandbox): WatchSandboxesEvent {
  return create(WatchSandboxesEventSchema, { payload: { case: 'sandbox', value: { sandbox } } })
}
