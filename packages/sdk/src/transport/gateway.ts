import type { CallCredentials } from '../auth/call-credentials.js'
import { OpenShellError } from '../errors.js'
import type { Logger } from '../logger.js'
import { chooseLine } from '../wire/choose-line.js'
import { probeHealth } from '../wire/health-probe.js'
import { loadCodec, type WireLine } from '../wire/load-codec.js'
import type { WireCall } from '../wire/wire-call.js'
import type { WireCodec } from '../wire/wire-codec.js'
import { abortable } from './abortable.js'
import { createAuthInterceptor } from './auth-interceptor.js'
import { abortFields, classifyConnectError, closedFields } from './classify-connect-error.js'
import { Connection } from './connection.js'
import type { Endpoint } from './endpoint.js'
import { linkSignals } from './linked-signal.js'
import { mayRetryRead, pause, type RetryPolicy, retryDelayMs } from './retry.js'
import type { RpcContext } from './rpc-context.js'
import { toTimerMs } from './timer-limit.js'
import type { TlsOptions } from './tls-options.js'

/** What a gateway is opened with. */
export interface GatewayOptions {
  readonly endpoint: Endpoint
  readonly tls: TlsOptions
  /** What is sent with each call; absent when nothing is. */
  readonly credentials: CallCredentials | undefined
  /** Limit of one call with all its attempts; 0 means none. */
  readonly requestTimeoutMs: number
  readonly retry: RetryPolicy
  readonly logger: Logger | undefined
  /** Skips the version check. */
  readonly wireLine: WireLine | undefined
}

/** One logical call. */
export interface CallScope {
  readonly rpc: string
  readonly sandboxName?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** A call that streams: its limits are its own. */
export interface StreamScope extends CallScope {
  /** Deadline of the stream; 0 means none. */
  readonly deadlineMs: number
  /** The option that the deadline comes from. */
  readonly timeoutOption: string
  /** True when the call changes something, so that the line is checked first. */
  readonly mutates: boolean
}

type Send<T> = (codec: WireCodec, call: WireCall) => T

/** A gateway whose wire line is known: sends calls, repeats reads, and turns every failure into an `OpenShellError`. */
export class Gateway {
  readonly #options: GatewayOptions
  readonly #connection: Connection
  #codec: WireCodec | undefined
  #version: string | undefined
  #verifiedSession = 0
  #verifying: Promise<void> | undefined

  private constructor(options: GatewayOptions) {
    this.#options = options
    const { endpoint, tls, credentials } = options
    this.#connection = new Connection({
      endpoint,
      tls,
      interceptors: credentials ? [createAuthInterceptor(credentials)] : [],
    })
  }

  /** Connects, asks for the version and loads the codec of its line. Closes what it opened when that fails. */
  static async open(options: GatewayOptions, signal: AbortSignal | undefined): Promise<Gateway> {
    const gateway = new Gateway(options)
    try {
      await gateway.#verify(signal)
      if (options.wireLine !== undefined) {
        options.logger?.warn(
          `The gateway's version "${gateway.#version}" was not checked: option wireLine says that it speaks line ${options.wireLine}.`,
        )
      }
      return gateway
    } catch (error) {
      await gateway.close()
      throw error
    }
  }

  /** Identity of the present connection; a cache of what the gateway said holds as long as it stays the same. */
  get session(): number {
    return this.#connection.session
  }

  /** Sends a call that changes nothing, and again when it fails for a passing reason. */
  async read<T>(scope: CallScope, send: Send<Promise<T>>): Promise<T> {
    return this.#repeat(scope, (call) => send(this.#loadedCodec(), call))
  }

  /** Sends a call that changes something, once. */
  async mutate<T>(scope: CallScope, send: Send<Promise<T>>): Promise<T> {
    await this.#ensureVerified(scope)
    return this.#attempt(scope, 1, this.#options.requestTimeoutMs, (call) => send(this.#loadedCodec(), call))
  }

  /** Opens a stream; leaving the loop cancels it. */
  async *stream<T>(scope: StreamScope, open: Send<AsyncIterable<T>>): AsyncGenerator<T, void, undefined> {
    if (scope.mutates) await this.#ensureVerified(scope)
    this.#assertOpen(scope, 0)
    const link = linkSignals(scope.signal, this.#connection.closed)
    const call = { signal: link.signal, timeoutMs: toTimerMs(scope.deadlineMs) }
    try {
      for await (const item of open(this.#loadedCodec(), call)) yield item
    } catch (error) {
      throw classifyConnectError(error, this.#context(scope, 1, scope.timeoutOption))
    } finally {
      link.abort()
      link.release()
    }
  }

  /** Looks at what the line of the gateway offers, checked again after a reconnect. */
  async look<T>(scope: CallScope, at: (codec: WireCodec) => T): Promise<T> {
    await this.#ensureVerified(scope)
    return at(this.#loadedCodec())
  }

  /** Pauses; throws when the caller aborts or the client is closed meanwhile. */
  async pause(delayMs: number, scope: CallScope): Promise<void> {
    const link = linkSignals(scope.signal, this.#connection.closed)
    await pause(delayMs, link.signal).finally(link.release)
    this.#assertOpen(scope, 0)
  }

  /** Ends every call and the connection; calls made afterwards fail with kind `closed`. */
  close(): Promise<void> {
    return this.#connection.close()
  }

  async #repeat<T>(scope: CallScope, send: (call: WireCall) => Promise<T>): Promise<T> {
    const { requestTimeoutMs, retry } = this.#options
    const endsAt = requestTimeoutMs === 0 ? Number.POSITIVE_INFINITY : performance.now() + requestTimeoutMs
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#attempt(scope, attempt, endsAt - performance.now(), send)
      } catch (error) {
        if (!(error instanceof OpenShellError) || attempt >= retry.maxAttempts || !mayRetryRead(error)) throw error
        const delayMs = retryDelayMs(retry, attempt, error)
        if (performance.now() + delayMs >= endsAt) throw error
        await this.pause(delayMs, scope)
      }
    }
  }

  async #attempt<T>(
    scope: CallScope,
    attempt: number,
    timeoutMs: number,
    send: (call: WireCall) => Promise<T>,
  ): Promise<T> {
    this.#assertOpen(scope, attempt - 1)
    const link = linkSignals(scope.signal, this.#connection.closed)
    try {
      return await send({ signal: link.signal, timeoutMs: toTimerMs(timeoutMs) })
    } catch (error) {
      throw classifyConnectError(error, this.#context(scope, attempt, 'requestTimeoutMs'))
    } finally {
      link.release()
    }
  }

  // A gateway may have been replaced while the connection was down; a change must not go out in the wrong line.
  async #ensureVerified(scope: CallScope): Promise<void> {
    this.#assertOpen(scope, 0)
    if (this.#connection.session !== 0 && this.#connection.session === this.#verifiedSession) return
    this.#verifying ??= this.#verify(undefined).finally(() => {
      this.#verifying = undefined
    })
    try {
      await abortable(this.#verifying, scope.signal)
    } catch (error) {
      throw classifyConnectError(error, this.#context(scope, 0, 'requestTimeoutMs'))
    }
  }

  async #verify(signal: AbortSignal | undefined): Promise<void> {
    const scope = { rpc: 'Health', signal }
    const health = await this.#repeat(scope, (call) => probeHealth(this.#connection.transport, call))
    this.#version = health.version
    const line = this.#options.wireLine ?? chooseLine(health.version)
    this.#codec ??= await loadCodec(line, this.#connection.transport)
    this.#verifiedSession = this.#connection.session
  }

  #loadedCodec(): WireCodec {
    if (!this.#codec) throw new TypeError('A call was made before the wire line was known.')
    return this.#codec
  }

  #assertOpen(scope: CallScope, attempts: number): void {
    const context = this.#context(scope, attempts, 'requestTimeoutMs')
    const { rpc, sandboxName, gatewayVersion } = context
    const common = { rpc, sandboxName, gatewayVersion, attempts }
    if (scope.signal?.aborted) throw new OpenShellError({ ...common, ...abortFields(scope.signal.reason, context) })
    if (context.closed.aborted) throw new OpenShellError({ ...common, ...closedFields(context) })
  }

  #context(scope: CallScope, attempts: number, timeoutOption: string): RpcContext {
    return {
      ...scope,
      attempts,
      timeoutOption,
      closed: this.#connection.closed,
      endpoint: this.#options.endpoint.address,
      gatewayVersion: this.#version,
      decodeDetails: this.#codec?.decodeDetails,
    }
  }
}
