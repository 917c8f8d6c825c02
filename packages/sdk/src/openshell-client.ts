import { createCallCredentials } from './auth/create-call-credentials.js'
import { checkConnectOptions } from './checks/check-connect-options.js'
import { checkSandboxName } from './checks/check-name.js'
import { throwViolations } from './checks/throw-violations.js'
import type { ClientContext } from './client-context.js'
import type { ConnectOptions } from './connect-options.js'
import { ActiveDriverFinder } from './driver-config/active-driver.js'
import type { CurrentUser, GatewayHealth, GatewayInfo } from './gateway-info.js'
import type { RequestOptions } from './request-options.js'
import type { Sandboxes } from './sandboxes.js'
import { Gateway } from './transport/gateway.js'
import { DEFAULT_RETRY } from './transport/retry.js'
import { WorkspaceClient } from './workspace-client.js'

const DEFAULT_WORKSPACE = 'default'
const DEFAULT_REQUEST_TIMEOUT_MS = 30_000

/** A client of one gateway. Close it, or declare it with `await using`. */
export class OpenShellClient implements AsyncDisposable {
  readonly #context: ClientContext
  readonly #activeDriver = new ActiveDriverFinder()
  readonly #ownWorkspace: WorkspaceClient

  private constructor(context: ClientContext, workspace: string) {
    this.#context = context
    this.#ownWorkspace = new WorkspaceClient(context, workspace, this.#activeDriver)
  }

  /**
   * Connects to a gateway and finds out which protocol it speaks. Throws `UnsupportedGatewayError` for a gateway that this
   * release cannot talk to, kind `unavailable` when nobody answers, and kind `configuration` for options that make no sense.
   */
  static async connect(options: ConnectOptions): Promise<OpenShellClient> {
    const endpoint = checkConnectOptions(options)
    const { workspace = DEFAULT_WORKSPACE, tls = {}, auth, logger, signal } = options
    if (tls.insecureSkipVerify) logger?.warn(`The server at ${endpoint.address} is trusted whatever it shows.`)
    const gateway = await Gateway.open(
      {
        endpoint,
        tls,
        credentials: auth && createCallCredentials(auth),
        requestTimeoutMs: options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
        retry: { ...DEFAULT_RETRY, ...options.retry },
        logger,
        wireLine: options.wireLine,
      },
      signal,
    )
    const { clientChecks = 'on', activeDriver } = options
    return new OpenShellClient({ gateway, clientChecks, logger, activeDriver }, workspace)
  }

  /** The sandboxes of the workspace that the client was connected with. */
  get sandboxes(): Sandboxes {
    return this.#ownWorkspace.sandboxes
  }

  /** A client for another workspace, over the same connection. Whether the workspace exists shows with the first call. */
  workspace(name: string): WorkspaceClient {
    throwViolations('workspace', checkSandboxName('name', name))
    return new WorkspaceClient(this.#context, name, this.#activeDriver)
  }

  /** The gateway's health and version. */
  health(options: RequestOptions = {}): Promise<GatewayHealth> {
    return this.#context.gateway.read({ rpc: 'Health', ...options }, (codec, call) => codec.gateway.health(call))
  }

  /** Who the gateway takes the caller for. */
  whoami(options: RequestOptions = {}): Promise<CurrentUser> {
    return this.#context.gateway.read({ rpc: 'GetCurrentUser', ...options }, (codec, call) =>
      codec.gateway.currentUser(call),
    )
  }

  /** The gateway and its drivers. Throws kind `permission-denied` for callers who are no platform administrators. */
  gatewayInfo(options: RequestOptions = {}): Promise<GatewayInfo> {
    return this.#context.gateway.read({ rpc: 'GetGatewayInfo', ...options }, (codec, call) => codec.gateway.info(call))
  }

  /** Ends every call and the connection. Calls made afterwards fail with kind `closed`. */
  close(): Promise<void> {
    return this.#context.gateway.close()
  }

  /** Closes the client. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
