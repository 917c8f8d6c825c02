import { Code, ConnectError } from '@connectrpc/connect'
import type { GatewayHealth } from '../model/gateway-info.js'
import { chooseLine } from '../wire/choose-line.js'
import type { WireCodec } from '../wire/wire-codec.js'
import type { WireLine } from '../wire/wire-line.js'
import { abortable } from './abortable.js'
import type { Connection } from './connection.js'
import { linkSignals } from './linked-signal.js'
import { loadCodec } from './load-codec.js'
import { toTimerMs } from './timer-limit.js'

/** What a check is made with. */
export interface LineCheckOptions {
  readonly connection: Pick<Connection, 'session' | 'transport'>
  /** The line that the caller vouches for; absent means that the version decides. */
  readonly wireLine: WireLine | undefined
  /** Asks the gateway for its version. */
  askHealth(): Promise<GatewayHealth>
}

/** Knows which line a gateway speaks, and asks again when another gateway may listen at the other end. */
export class LineCheck {
  readonly #options: LineCheckOptions
  #codec: WireCodec | undefined
  #version: string | undefined
  #checkedSession = 0
  #checking: Promise<void> | undefined

  constructor(options: LineCheckOptions) {
    this.#options = options
  }

  /** The version that the gateway reported last; undefined before it did. */
  get version(): string | undefined {
    return this.#version
  }

  /** The codec of the line; undefined while the line is not known. */
  get codec(): WireCodec | undefined {
    return this.#codec
  }

  /** True when the line was checked on the connection that is open now. */
  get isFresh(): boolean {
    const { session } = this.#options.connection
    return this.#codec !== undefined && session !== 0 && session === this.#checkedSession
  }

  /** Asks for the version, unless somebody is asking already; the signal, or the limit unless it is 0, ends the waiting alone. */
  async run(signal: AbortSignal, limitMs: number): Promise<void> {
    this.#checking ??= this.#run().finally(() => {
      this.#checking = undefined
    })
    const late = new AbortController()
    const end = () => late.abort(new ConnectError('the version was not told in time', Code.DeadlineExceeded))
    const timerMs = toTimerMs(limitMs)
    const timer = timerMs === undefined ? undefined : setTimeout(end, timerMs)
    const link = linkSignals(signal, late.signal)
    try {
      await abortable(this.#checking, link.signal)
    } finally {
      clearTimeout(timer)
      link.release()
    }
  }

  /** Forgets the line, because an answer showed that the gateway speaks another one. */
  forget(): void {
    this.#codec = undefined
    this.#checkedSession = 0
  }

  async #run(): Promise<void> {
    const { connection, wireLine, askHealth } = this.#options
    const { version } = await askHealth()
    // A connection that opens while the codec is loaded has not been asked.
    const { session } = connection
    const isOther = this.#version !== version
    this.#version = version
    const line = wireLine ?? chooseLine(version)
    if (isOther || this.#codec?.line !== line) this.#codec = await loadCodec(line, version, connection.transport)
    this.#checkedSession = session
  }
}
