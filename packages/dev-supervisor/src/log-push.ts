import { status as Code, type ServiceError } from '@grpc/grpc-js'
import type { GatewayConnection } from './gateway-connection.js'
import type { GatewayLine } from './gateway-line.js'
import type { LogLine, LogStream } from './log-stream.js'

const LINES_AT_ONCE = 50
const LONGEST_WAIT_MS = 500
/** How many lines wait for a gateway that is away; the oldest make room. */
const WAITING_LINES = 200

/** Sends the supervisor's log to the gateway, in batches, on one stream a session. */
export class LogPush {
  readonly #sandboxId: string
  readonly #waiting: LogLine[] = []
  #stream: LogStream | undefined
  #timer: NodeJS.Timeout | undefined
  #refused = false

  constructor(sandboxId: string) {
    this.#sandboxId = sandboxId
  }

  /** Takes a line; it is sent with the next batch. */
  push(line: LogLine): void {
    if (this.#refused) return
    this.#waiting.push(line)
    if (this.#waiting.length > WAITING_LINES) this.#waiting.shift()
    this.#plan()
  }

  /** Sends on this connection, in the words of its line of the wire, until the signal aborts. */
  open(connection: GatewayConnection, line: GatewayLine, signal: AbortSignal): void {
    if (this.#refused) return
    const stream = connection.pushSandboxLogs(line)
    this.#stream = stream
    const close = () => {
      if (this.#stream === stream) this.#stream = undefined
      stream.end()
    }
    stream.response.catch((error: ServiceError) => {
      close()
      // A gateway that takes no logs will not take them later either.
      if (error.code === Code.UNIMPLEMENTED || error.code === Code.UNAUTHENTICATED) this.#refuse()
    })
    signal.addEventListener(
      'abort',
      () => {
        this.#flush()
        close()
      },
      { once: true },
    )
    this.#plan()
  }

  #plan(): void {
    if (!this.#stream || this.#waiting.length === 0) return
    if (this.#waiting.length >= LINES_AT_ONCE) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), LONGEST_WAIT_MS).unref()
  }

  #flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    while (this.#stream && this.#waiting.length > 0) {
      this.#stream.send(this.#sandboxId, this.#waiting.splice(0, LINES_AT_ONCE))
    }
  }

  #refuse(): void {
    this.#refused = true
    this.#waiting.length = 0
    clearTimeout(this.#timer)
  }
}
