import type { ClientHttp2Stream, OutgoingHttpHeaders } from 'node:http2'
import type { Duplex } from 'node:stream'
import type { CallEnd } from './call-end.js'
import { Http2Connection } from './http2-connection.js'

const PING_INTERVAL_MS = 10_000

/** What a pool is made with. */
export interface ConnectionPoolOptions {
  /** Base URL of the requests. */
  readonly url: string
  /** Runs before a connection opens. */
  readonly prepare: () => Promise<void> | undefined
  /** Opens the socket of a connection, which may still be connecting. */
  readonly openSocket: () => Duplex
}

interface Member {
  readonly connection: Http2Connection
  /** Calls that run on it or are about to. */
  calls: number
}

/**
 * The connections to one gateway. There is one, until as many calls run on it as the gateway takes: a call that came then would
 * wait, unseen, for another to end, and watches do not end. It goes over a further connection instead.
 */
export class ConnectionPool {
  readonly #options: ConnectionPoolOptions
  readonly #members: Member[] = []
  // What the gateway said last. It is the same on all connections, and counts for one that is still opening.
  #streamLimit = Number.POSITIVE_INFINITY
  #pingIntervalMs = PING_INTERVAL_MS

  constructor(options: ConnectionPoolOptions) {
    this.#options = options
  }

  /** True while a connection is open or opening. */
  get isOpen(): boolean {
    return this.#members.some(({ connection }) => !connection.isOver)
  }

  /** Opens a stream, at once where a connection is ready. Throws for headers that cannot be sent. */
  request(headers: OutgoingHttpHeaders, end: CallEnd): ClientHttp2Stream | Promise<ClientHttp2Stream> {
    const member = this.#memberWithRoom()
    member.calls += 1
    if (member.connection.isReady) return this.#requestOver(member, headers) ?? this.request(headers, end)
    return this.#requestLater(member, headers, end)
  }

  async #requestLater(member: Member, headers: OutgoingHttpHeaders, end: CallEnd): Promise<ClientHttp2Stream> {
    try {
      await end.wait(member.connection.whenReady())
    } catch (error) {
      member.calls -= 1
      throw error
    }
    return this.#requestOver(member, headers) ?? this.request(headers, end)
  }

  /** Undefined when the connection has ended meanwhile. */
  #requestOver(member: Member, headers: OutgoingHttpHeaders): ClientHttp2Stream | undefined {
    try {
      const stream = member.connection.isOver ? undefined : member.connection.request(headers)
      if (!stream) member.calls -= 1
      stream?.once('close', () => {
        member.calls -= 1
      })
      return stream
    } catch (error) {
      member.calls -= 1
      if (member.connection.isOver) return undefined
      throw error
    }
  }

  #memberWithRoom(): Member {
    const found = this.#members.find(({ connection, calls }) => !connection.isOver && calls < this.#streamLimit)
    return found ?? this.#open()
  }

  #open(): Member {
    const connection = new Http2Connection({
      ...this.#options,
      pingIntervalMs: this.#pingIntervalMs,
      onStreamLimit: (limit) => {
        this.#streamLimit = limit
      },
      onTooManyPings: () => {
        this.#pingIntervalMs *= 2
      },
      onOver: () => void this.#members.splice(this.#members.indexOf(member), 1),
    })
    const member = { connection, calls: 0 }
    this.#members.push(member)
    return member
  }
}
