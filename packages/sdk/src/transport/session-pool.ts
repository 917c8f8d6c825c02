import type { ClientHttp2Stream } from 'node:http2'
import type { Http2SessionManager } from '@connectrpc/connect-node'

/** What connect needs of the connections below it. */
export type SessionManager = Pick<Http2SessionManager, 'authority' | 'request' | 'notifyResponseByteRead'>

/** What a pool is made with. */
export interface SessionPoolOptions {
  /** Makes a connection, which opens with its first call. */
  readonly createManager: () => Http2SessionManager
  /** Runs before a connection opens. */
  readonly beforeOpening: () => Promise<void> | undefined
}

interface Member {
  readonly manager: Http2SessionManager
  /** Streams that run or are about to. */
  streams: number
}

/**
 * The connections to one gateway. There is one, until as many streams run on it as the gateway takes: a call that came then would
 * wait, unseen, for a stream to end, and watches do not end. It goes over a further connection instead.
 */
export class SessionPool implements SessionManager {
  readonly authority: string
  readonly #options: SessionPoolOptions
  readonly #members: [Member, ...Member[]]
  readonly #memberOf = new WeakMap<ClientHttp2Stream, Member>()
  // What the gateway said last. It is the same on all connections, and counts for one that is still opening.
  #streamLimit = Number.POSITIVE_INFINITY
  #session: ClientHttp2Stream['session']

  constructor(options: SessionPoolOptions) {
    this.#options = options
    this.#members = [this.#createMember()]
    this.authority = this.#members[0].manager.authority
  }

  /** True while the first connection is open. The others carry what it cannot, and come and go. */
  get isOpen(): boolean {
    return isOpen(this.#members[0])
  }

  async request(...call: Parameters<Http2SessionManager['request']>): Promise<ClientHttp2Stream> {
    const member = this.#memberWithRoom()
    member.streams += 1
    try {
      if (!isOpen(member)) await this.#options.beforeOpening()
      const stream = await member.manager.request(...call)
      this.#memberOf.set(stream, member)
      stream.once('close', () => {
        member.streams -= 1
      })
      this.#session = stream.session
      return stream
    } catch (error) {
      member.streams -= 1
      throw error
    }
  }

  notifyResponseByteRead(stream: ClientHttp2Stream): void {
    this.#memberOf.get(stream)?.manager.notifyResponseByteRead(stream)
  }

  #memberWithRoom(): Member {
    // The first call on a connection is sent before the gateway has said anything.
    this.#streamLimit = this.#session?.remoteSettings.maxConcurrentStreams ?? this.#streamLimit
    const found = this.#members.find(({ streams }) => streams < this.#streamLimit)
    if (found) return found
    const member = this.#createMember()
    this.#members.push(member)
    return member
  }

  #createMember(): Member {
    return { manager: this.#options.createManager(), streams: 0 }
  }
}

function isOpen({ manager }: Member): boolean {
  const state = manager.state()
  return state !== 'closed' && state !== 'error'
}
