import { status as codes } from '@grpc/grpc-js'
import type { WatchSandboxesEvent } from '@openshell-ts/protocol/compute'
import { StatusError } from '../contract/status-error.js'

/** The events of one watcher. Iterate it once; it ends only with an error, because a watch has no end of its own. */
export class WatchFeed implements AsyncIterable<WatchSandboxesEvent> {
  readonly #backlogLimit: number
  readonly #onClose: (unread: readonly WatchSandboxesEvent[]) => void
  #queue: WatchSandboxesEvent[] = []
  #read = 0
  #snapshotLength = 0
  #end: StatusError | undefined
  #closed = false
  #wake: (() => void) | undefined

  /** `onClose` gets what the reader has not taken when it leaves or is cut off. */
  constructor(backlogLimit: number, onClose: (unread: readonly WatchSandboxesEvent[]) => void) {
    this.#backlogLimit = backlogLimit
    this.#onClose = onClose
  }

  /** Takes the snapshot; it does not count as backlog. */
  begin(events: WatchSandboxesEvent[]): void {
    this.#queue = events
    this.#snapshotLength = events.length
  }

  /** Adds a live event, or cuts the reader off when too many wait for it. */
  push(event: WatchSandboxesEvent): void {
    if (this.#end !== undefined || this.#closed) return
    const waiting = this.#queue.length - Math.max(this.#read, this.#snapshotLength)
    if (waiting >= this.#backlogLimit) {
      this.#cutOff(event)
      return
    }
    this.#queue.push(event)
    this.#wake?.()
  }

  /** Ends the feed after what waits already, because the driver shuts down. */
  shutDown(): void {
    this.#end ??= new StatusError(codes.UNAVAILABLE, 'the driver is shutting down; watch again when it is back')
    this.#wake?.()
  }

  /** Gives the feed up; its reader is gone. */
  close(): void {
    this.#closed = true
    this.#onClose(this.#takeAll())
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchSandboxesEvent, void, undefined> {
    try {
      while (!this.#closed) {
        const event = this.#take()
        if (event !== undefined) yield event
        else if (this.#end !== undefined) throw this.#end
        else await this.#moreToRead()
      }
    } finally {
      this.close()
    }
  }

  #take(): WatchSandboxesEvent | undefined {
    const event = this.#queue[this.#read]
    if (event === undefined) return undefined
    this.#read += 1
    if (this.#read === this.#queue.length) {
      this.#queue = []
      this.#read = 0
      this.#snapshotLength = 0
    }
    return event
  }

  #moreToRead(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #cutOff(event: WatchSandboxesEvent): void {
    this.#end = new StatusError(
      codes.ABORTED,
      `the watcher fell ${this.#backlogLimit} events behind; watch again for a fresh snapshot`,
    )
    this.#onClose([...this.#takeAll(), event])
    this.#wake?.()
  }

  #takeAll(): readonly WatchSandboxesEvent[] {
    const unread = this.#queue.slice(this.#read)
    this.#queue = []
    this.#read = 0
    this.#snapshotLength = 0
    return unread
  }
}
