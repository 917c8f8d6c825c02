import { type ClientHttp2Session, constants } from 'node:http2'

const PING_TIMEOUT_MS = 15_000
const IDLE_LIMIT_MS = 15 * 60_000

/** Finds out that the other side of a connection is gone: asks it after a silence while calls run, and closes what is long idle. */
export class KeepAlive {
  readonly #session: ClientHttp2Session
  readonly #intervalMs: number
  #calls = 0
  #bytesRead = 0
  #heardAt = performance.now()
  #asking: Promise<void> | undefined
  #watch: NodeJS.Timeout | undefined
  #idle: NodeJS.Timeout | undefined

  /** Silence of at most so many milliseconds is no reason to ask. */
  constructor(session: ClientHttp2Session, intervalMs: number) {
    this.#session = session
    this.#intervalMs = intervalMs
    session.once('close', () => this.#stop())
  }

  /** True after a silence without calls: whether the other side is still there is not known. */
  get isUncertain(): boolean {
    return this.#calls === 0 && performance.now() - this.#heardAt > this.#intervalMs
  }

  /** A call begins. */
  begin(): void {
    this.#calls += 1
    // Calls one after the other share one timer.
    if (this.#calls === 1 && !this.#watch) this.#watchOn()
  }

  /** A call has ended. */
  end(): void {
    this.#calls -= 1
    this.#heardAt = performance.now()
  }

  /** Asks whether the other side is there; resolves, and destroys the connection when it is not. */
  ask(): Promise<void> {
    this.#asking ??= this.#ping().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  #ping(): Promise<void> {
    const session = this.#session
    return new Promise((resolve) => {
      const timer = setTimeout(() => session.destroy(silence(), constants.NGHTTP2_CANCEL), PING_TIMEOUT_MS).unref()
      const settle = () => {
        clearTimeout(timer)
        session.off('close', settle)
        resolve()
      }
      session.once('close', settle)
      session.ping((error) => {
        if (!error) this.#heardAt = performance.now()
        settle()
      })
    })
  }

  // Two looks an interval notice a silence in time, whenever it begins.
  #watchOn(): void {
    clearTimeout(this.#idle)
    this.#watch = setTimeout(() => this.#look(), this.#intervalMs / 2).unref()
  }

  #look(): void {
    this.#watch = undefined
    if (this.#session.destroyed) return
    if (this.#calls === 0) {
      this.#idle = setTimeout(() => this.#session.close(), IDLE_LIMIT_MS).unref()
      return
    }
    const { bytesRead } = this.#session.socket
    if (bytesRead === this.#bytesRead) void this.ask()
    this.#bytesRead = bytesRead
    this.#watchOn()
  }

  #stop(): void {
    clearTimeout(this.#watch)
    clearTimeout(this.#idle)
  }
}

function silence(): Error {
  return Object.assign(new Error('The other side of the connection does not answer.'), { code: 'ETIMEDOUT' })
}
