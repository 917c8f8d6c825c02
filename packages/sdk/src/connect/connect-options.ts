import type { ClientAuth } from '../auth/client-auth.js'
import type { CallInterceptor } from '../transport/call-interceptor.js'
import type { Logger } from '../transport/logger.js'
import type { RetryOptions } from '../transport/retry.js'
import type { TlsOptions } from '../transport/tls-options.js'
import type { WireLine } from '../wire/wire-line.js'

/** How a client connects. Neither the environment nor files are read. */
export interface ConnectOptions {
  /** Address of the gateway, such as `http://127.0.0.1:17670`, `https://gateway.example` or `unix:/run/gateway.sock`. */
  readonly endpoint: string
  /** Workspace of `client.sandboxes`. @default 'default' */
  readonly workspace?: string
  /** What to present and to trust on `https` endpoints; the system's certificates when absent. */
  readonly tls?: TlsOptions
  /** Who the client says that it is; nothing is sent when absent, and a client certificate in `tls` counts all the same. */
  readonly auth?: ClientAuth
  /** Lets a token go unencrypted to a gateway on another machine: whoever listens on the way can use it. @default false */
  readonly allowInsecureAuth?: boolean
  /**
   * Skips the check of the gateway's version, with one warning, for gateways that do not say which line they speak, such as
   * local builds. Absent: the version decides.
   */
  readonly wireLine?: WireLine
  /**
   * Key of the gateway's active driver in `driverConfig`, for warnings about blocks that do not match. Absent: the gateway is
   * asked, which only platform administrators may; without an answer nothing is said about it.
   */
  readonly activeDriver?: string
  /** Limit of one request with all its attempts; streams, waits and commands have their own limits. 0 means none. @default 30000 */
  readonly requestTimeoutMs?: number
  /** How calls are repeated after a passing failure: reads, and on line 0.1 changes, which a request id lets happen once. */
  readonly retry?: RetryOptions
  /** Checks requests before they are sent, to report all problems at once. `off` for gateways that allow more. @default 'on' */
  readonly clientChecks?: 'on' | 'off'
  /** Run around each attempt of each call, outermost first, for traces and headers. */
  readonly interceptors?: readonly CallInterceptor[]
  /** Names the application in the gateway's log, such as `acme-ci/2.1`: visible ASCII and spaces. */
  readonly userAgent?: string
  /** Receives what the client has to say beside its results; nothing is said when absent. */
  readonly logger?: Logger
  /** Ends the connecting; has no effect afterwards. */
  readonly signal?: AbortSignal
}

/** Names of all options, for the check of mistyped ones. */
export const CONNECT_OPTIONS = [
  'endpoint',
  'workspace',
  'tls',
  'auth',
  'allowInsecureAuth',
  'wireLine',
  'activeDriver',
  'requestTimeoutMs',
  'retry',
  'clientChecks',
  'interceptors',
  'userAgent',
  'logger',
  'signal',
] as const satisfies readonly (keyof ConnectOptions)[]
