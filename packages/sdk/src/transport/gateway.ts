import type { OpenShellError } from '../errors/openshell-error.js'
import { probeHealth } from '../wire/health-probe.js'
import type { WireCall } from '../wire/wire-call.js'
import type { WireCodec } from '../wire/wire-codec.js'
import { CallBounds } from './call-bounds.js'
import { CallFailures, HEALTH } from './call-failures.js'
import type { CallScope, MutationScope, SentScope, StreamScope } from './call-scope.js'
import { Connection } from './connection.js'
import type { DerivedLimits, GatewayOptions } from './gateway-options.js'
import { LineCheck } from './line-check.js'
import type { LinkedSignal } from './linked-signal.js'
import { type Attempt, repeatCall } from './repeat-call.js'
import { chooseRequestId } from './request-id.js'
import { mayRepeatIdentified, mayRepeatRead, mayRepeatUnidentified, pause, retryDelayMs } from './retry.js'
import { toTimerMs } from './timer-limit.js'

type Send<T> = (codec: WireCodec, call: WireCall) => T

const FIRST_ATTEMPT: Attempt = { number: 1, timeoutMs: Number.POSITIVE_INFINITY, dispatchedBefore: false }

interface Derived {
  readonly origin: Gateway
  readonly bounds: CallBounds
  end(): void
}

/** A gateway whose wire line is known: sends calls, repeats what may be, and turns every failure into an `OpenShellError`. */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #connection: Connection
  readonly #line: LineCheck
  readonly #bounds: CallBounds
  readonly #failures: CallFailures
  readonly #lineLimitMs: number
  readonly #end: () => Promise<void>

  private constructor(options: GatewayOptions, derived?: Derived) {
    this.#options = options
    const { endpoint, tls, credentials, userAgent, interceptors, wireLine } = options
    this.#connection = derived
      ? derived.origin.#connection
      : new Connection({ endpoint, tls, credentials, userAgent, interceptors })
    const askHealth = () => this.#askHealth()
    this.#line = derived ? derived.origin.#line : new LineCheck({ connection: this.#connection, wireLine, askHealth })
    this.#bounds = derived?.bounds ?? new CallBounds([this.#connection.closed])
    this.#failures = new CallFailures({ bounds: this.#bounds, line: this.#line, endpoint: endpoint.address })
    // The one who asks has the limit of a request for that; others wait for its answer, each as long as it may.
    this.#lineLimitMs = derived ? options.requestTimeoutMs : 0
    this.#end = derived ? async () => derived.end() : () => this.#connection.close()
  }

  /** Connects, asks for the version and loads the codec of its line. Closes what it opened when that fails. */
  static async open(options: GatewayOptions, signal: AbortSignal | undefined): Promise<Gateway> {
    const gateway = new Gateway(options)
    try {
      await gateway.#ensureChecked({ rpc: HEALTH, signal })
      if (options.wireLine !== undefined) {
        options.logger?.warn(
          `The gateway's version "${gateway.#line.version}" was not checked: option wireLine says that it speaks line ${options.wireLine}.`,
        )
      }
      return gateway
    } catch (error) {
      await gateway.close()
      throw error
    }
  }

  /** A gateway over the same connection, with limits of its own beside those that hold here. Closing it ends its calls alone. */
  derive({ signal, requestTimeoutMs, headers }: DerivedLimits): Gateway {
    const closing = new AbortController()
    const options = {
      ...this.#options,
      requestTimeoutMs: requestTimeoutMs ?? this.#options.requestTimeoutMs,
      headers: { ...this.#options.headers, ...headers },
    }
    const bounds = this.#bounds.narrow(closing.signal, signal)
    return new Gateway(options, { origin: this, bounds, end: () => closing.abort() })
  }

  /** This gateway without the ends of a derived one: for tidying up after work that they have ended. */
  get unbounded(): Gateway {
    return new Gateway(this.#options, { origin: this, bounds: this.#bounds.widen(), end: () => undefined })
  }

  /** What all gateways over one connection share. */
  get connection(): object {
    return this.#connection
  }

  /** True when every call fails, because this gateway is closed or a signal that it was derived with has aborted. */
  get isOver(): boolean {
    return this.#bounds.areOver
  }

  /** A signal that aborts with that of a call and with whatever else ends the calls of this gateway. */
  link(signal: AbortSignal | undefined): LinkedSignal {
    return this.#bounds.link(signal)
  }

  /** Identity of the present connection; a cache of what the gateway said holds as long as it stays the same. */
  get session(): number {
    return this.#connection.session
  }

  /** Connect's transport, for calls that go past this class; a type of its own would be part of the published ones. */
  get transport(): object {
    return this.#connection.transport
  }

  /** Sends a call that changes nothing, and again when it fails for a passing reason. */
  async read<T>(scope: CallScope, send: Send<Promise<T>>): Promise<T> {
    if (!this.#line.codec) await this.#ensureChecked(scope)
    return this.#repeat(scope, mayRepeatRead, (attempt) =>
      this.#attempt({ ...scope, repeatable: true }, attempt, (call) => send(this.#loadedCodec(), call)),
    )
  }

  /** Sends a call that changes something; again after a passing failure only where it happens once all the same. */
  async mutate<T>(scope: MutationScope, send: Send<Promise<T>>): Promise<T> {
    await this.#ensureChecked(scope)
    const requestId = chooseRequestId(scope, this.#loadedCodec())
    const repeatable = scope.repeat === 'always' || scope.requestId !== undefined
    const mayRepeat =
      scope.repeat === 'always' ? mayRepeatRead : requestId === undefined ? mayRepeatUnidentified : mayRepeatIdentified
    return this.#repeat(scope, mayRepeat, async (attempt) => {
      if (attempt.number > 1) await this.#ensureSameLine(scope, requestId, attempt)
      return this.#attempt({ ...scope, requestId, repeatable }, attempt, (call) => send(this.#loadedCodec(), call))
    })
  }

  /** Opens a stream; leaving the loop cancels it. */
  async *stream<T>(scope: StreamScope, open: Send<AsyncIterable<T>>): AsyncGenerator<T, void, undefined> {
    if (scope.mutates || !this.#line.codec) await this.#ensureChecked(scope)
    const requestId = scope.mutates ? chooseRequestId(scope, this.#loadedCodec()) : undefined
    const repeatable = !scope.mutates || scope.requestId !== undefined
    const mayRepeat = scope.mayReopen ?? (() => false)
    const { requestTimeoutMs: totalMs, retry } = this.#options
    const policy = { ...retry, attemptTimeoutMs: 0 }
    const endsAt = scope.deadlineMs === 0 ? Number.POSITIVE_INFINITY : performance.now() + scope.deadlineMs
    const pauseFor = (delayMs: number, attempts: number) => this.#pause(delayMs, scope, attempts)
    const { items, first } = await repeatCall({ policy, totalMs, mayRepeat, pause: pauseFor }, async (attempt) => {
      if (attempt.number > 1) await this.#ensureSameLine(scope, requestId, attempt)
      // The time for trying again is that of a request; once it is open, a stream has a limit of its own.
      const timeoutMs = Math.max(1, endsAt - performance.now())
      const items = this.#items({ ...scope, requestId, repeatable }, { ...attempt, timeoutMs }, open)
      return { items, first: await items.next() }
    })
    try {
      for (let next = first; !next.done; next = await items.next()) yield next.value
    } finally {
      await items.return()
    }
  }

  /** Looks at what the line of the gateway offers, checked again after a reconnect. */
  async look<T>(scope: CallScope, at: (codec: WireCodec) => T): Promise<T> {
    await this.#ensureChecked(scope)
    return at(this.#loadedCodec())
  }

  /** Pauses before a call is made again; false, at once, when it was made often enough. Throws as `pause`. */
  async backOff(error: OpenShellError, attempts: number, scope: CallScope): Promise<boolean> {
    const { retry } = this.#options
    if (attempts >= retry.maxAttempts) return false
    await this.#pause(retryDelayMs(retry, attempts, error), scope, attempts)
    return true
  }

  /** Pauses; throws when the caller aborts or the client is closed meanwhile. */
  pause(delayMs: number, scope: CallScope): Promise<void> {
    return this.#pause(delayMs, scope, 0)
  }

  /** Ends every call and, unless it is a derived one, the connection; calls made afterwards fail with kind `closed`. */
  close(): Promise<void> {
    return this.#end()
  }

  #repeat<T>(
    scope: CallScope,
    mayRepeat: (error: OpenShellError) => boolean,
    send: (attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    const { requestTimeoutMs: totalMs, retry: policy } = this.#options
    const pauseFor = (delayMs: number, attempts: number) => this.#pause(delayMs, scope, attempts)
    return repeatCall({ policy, totalMs, mayRepeat, pause: pauseFor }, send)
  }

  async #attempt<T>(scope: SentScope, attempt: Attempt, send: (call: WireCall) => Promise<T>): Promise<T> {
    this.#failures.assertOpen(scope, attempt.number - 1)
    const link = this.#bounds.join(scope.signal)
    try {
      return await send(this.#call(scope, attempt, link))
    } catch (error) {
      throw this.#failures.classify(error, scope, attempt, 'requestTimeoutMs')
    } finally {
      link.release()
    }
  }

  async *#items<T>(
    scope: StreamScope & SentScope,
    attempt: Attempt,
    open: Send<AsyncIterable<T>>,
  ): AsyncGenerator<T, void, undefined> {
    this.#failures.assertOpen(scope, attempt.number - 1)
    const link = this.#bounds.link(scope.signal)
    try {
      for await (const item of open(this.#loadedCodec(), this.#call(scope, attempt, link))) yield item
    } catch (error) {
      throw this.#failures.classify(error, scope, attempt, scope.timeoutOption)
    } finally {
      link.abort()
      link.release()
    }
  }

  #call({ requestId }: MutationScope, { timeoutMs }: Attempt, { signal }: Pick<LinkedSignal, 'signal'>): WireCall {
    return { signal, timeoutMs: toTimerMs(timeoutMs), requestId, headers: this.#options.headers }
  }

  async #pause(delayMs: number, scope: CallScope, attempts: number): Promise<void> {
    const link = this.#bounds.link(scope.signal)
    await pause(delayMs, link.signal).finally(link.release)
    this.#failures.assertOpen(scope, attempts)
  }

  #askHealth() {
    const scope = { rpc: HEALTH, repeatable: true }
    return this.#repeat(scope, mayRepeatRead, (attempt) =>
      this.#attempt(scope, attempt, (call) => probeHealth(this.#connection.transport, call)),
    )
  }

  // A gateway may have been replaced while the connection was down; a change must not go out in the wrong line.
  async #ensureChecked(scope: CallScope, attempt: Attempt = { ...FIRST_ATTEMPT, number: 0 }): Promise<void> {
    this.#failures.assertOpen(scope, attempt.number)
    if (this.#line.isFresh) return
    const link = this.#bounds.link(scope.signal)
    try {
      await this.#line.run(link.signal, this.#lineLimitMs)
    } catch (error) {
      throw this.#failures.unchecked(error, scope, attempt)
    } finally {
      link.release()
    }
  }

  // What was sent with a request id must not be sent again to a gateway that keeps none.
  async #ensureSameLine(scope: CallScope, requestId: string | undefined, attempt: Attempt): Promise<void> {
    await this.#ensureChecked(scope, { ...attempt, number: attempt.number - 1 })
    if (requestId === undefined || !attempt.dispatchedBefore || this.#loadedCodec().keepsRequestIds) return
    throw this.#failures.replaced({ ...scope, requestId }, attempt)
  }

  #loadedCodec(): WireCodec {
    const { codec } = this.#line
    if (!codec) throw new TypeError('A call was made before the wire line was known.')
    return codec
  }
}
