import type { CallCredentials } from '../auth/call-credentials.js'
import type { WireLine } from '../wire/wire-line.js'
import type { CallInterceptor } from './call-interceptor.js'
import type { Endpoint } from './endpoint.js'
import type { Logger } from './logger.js'
import type { RetryPolicy } from './retry.js'
import type { TlsOptions } from './tls-options.js'

/** What a gateway is opened with. */
export interface GatewayOptions {
  readonly endpoint: Endpoint
  readonly tls: TlsOptions
  /** What is sent with each call; absent when nothing is. */
  readonly credentials: CallCredentials | undefined
  /** Names the application; absent when it has no name. */
  readonly userAgent: string | undefined
  readonly interceptors: readonly CallInterceptor[]
  /** Limit of one call with all its attempts; 0 means none. */
  readonly requestTimeoutMs: number
  readonly retry: RetryPolicy
  readonly logger: Logger | undefined
  /** Skips the version check. */
  readonly wireLine: WireLine | undefined
  /** Sent with each call; absent means none. */
  readonly headers?: Readonly<Record<string, string>>
}

/** What a derived gateway has of its own. */
export interface DerivedLimits {
  readonly signal?: AbortSignal | undefined
  readonly requestTimeoutMs?: number | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}
