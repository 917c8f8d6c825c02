import type { WatchRequest, WireWatchEvent } from '../wire/watch-calls.js'
import { ReplayFilter } from './replay-filter.js'
import type { WatchEvent } from './watch-event.js'
import type { WatchOptions } from './watch-options.js'

// Enough to reach back over a short loss of the connection; the gateway keeps no more.
const RESUMED_LOG_TAIL = 2_000
const RESUMED_EVENT_TAIL = 50

/**
 * How far a watch has come. A gateway of line 0.1 goes on after the cursor of an event; one of line 0.0 replays a tail, and what
 * was delivered before is dropped here.
 */
export class WatchPosition {
  readonly #options: WatchOptions
  readonly #logs = new ReplayFilter()
  readonly #events = new ReplayFilter()
  #cursor = ''
  #cursorWasLost = false
  #gapIsKnown = false

  constructor(options: WatchOptions) {
    this.#options = options
  }

  /** True when the next stream goes on after a cursor. */
  get resumes(): boolean {
    return this.#cursor !== ''
  }

  /** What the next stream is opened with. */
  toRequest(): WatchRequest {
    const { status = true, events = true, logs = false, eventTail = 0, logTailLines = 0 } = this.#options
    const { logSince, logSources = [], minimumLogLevel = '' } = this.#options
    return {
      status,
      events,
      logs,
      eventTail: this.#events.delivered > 0 ? RESUMED_EVENT_TAIL : eventTail,
      logTailLines: this.#logs.delivered > 0 ? RESUMED_LOG_TAIL : logTailLines,
      logSince,
      logSources,
      minimumLogLevel,
      resumeAfterCursor: this.#cursor,
      stopOnTerminal: false,
    }
  }

  /** Call before a stream is opened again. */
  reopen(): void {
    this.#gapIsKnown = this.#cursorWasLost
    this.#cursorWasLost = false
    if (this.resumes) return
    this.#logs.reopen()
    this.#events.reopen()
  }

  /** The gateway does not know the cursor any more; it is never used again. */
  loseCursor(): void {
    this.#cursor = ''
    this.#cursorWasLost = true
  }

  /** What of an event is to be delivered. */
  *accept(event: WireWatchEvent): Generator<WatchEvent> {
    switch (event.type) {
      case 'status':
        yield event
        break
      // The gateway says so when it had to drop events.
      case 'warning':
        yield { type: 'gap', reason: 'lagged' }
        break
      case 'log':
        yield* this.#filter(this.#logs.decide(event.line), { type: 'log', line: event.line }, event.cursor)
        break
      case 'platform-event':
        yield* this.#filter(
          this.#events.decide(event.event),
          { type: 'platform-event', event: event.event },
          event.cursor,
        )
        break
    }
  }

  *#filter(verdict: 'pass' | 'drop' | 'gap', event: WatchEvent, cursor: string | undefined): Generator<WatchEvent> {
    if (cursor !== undefined && isGreater(cursor, this.#cursor)) this.#cursor = cursor
    if (verdict === 'gap' && !this.#gapIsKnown) yield { type: 'gap', reason: 'buffer-trimmed' }
    if (verdict !== 'drop') yield event
  }
}

// Byte by byte, which is not how texts compare: those go by UTF-16 units.
function isGreater(cursor: string, than: string): boolean {
  return Buffer.compare(Buffer.from(cursor), Buffer.from(than)) > 0
}
