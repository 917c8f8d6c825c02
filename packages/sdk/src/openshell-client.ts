import { Admin } from './admin/admin.js'
import { createCallCredentials } from './auth/create-call-credentials.js'
import type { ClientContext } from './calls/client-context.js'
import { FailedCreates } from './calls/failed-creates.js'
import { REQUEST_OPTIONS, type RequestOptions } from './calls/request-options.js'
import { checkSandboxName } from './checks/check-name.js'
import { checkOptions } from './checks/check-options.js'
import { throwViolations } from './checks/throw-violations.js'
import { checkConnectOptions } from './connect/check-connect-options.js'
import { checkDerivedOptions } from './connect/check-derived-options.js'
import type { ConnectOptions } from './connect/connect-options.js'
import type { DerivedClientOptions } from './connect/derived-client-options.js'
import type { FromGatewayOptions } from './connect/from-gateway-options.js'
import type { Drafts } from './drafts/drafts.js'
import { ActiveDriverFinder } from './driver-config/active-driver.js'
import type { InferenceRoutes } from './inference/inference-routes.js'
import type { CurrentUser, GatewayHealth, GatewayInfo } from './model/gateway-info.js'
import type { Policies } from './policies/policies.js'
import type { Profiles } from './profiles/profiles.js'
import type { Providers } from './providers/providers.js'
import { RawGateway } from './raw/raw-gateway.js'
import type { Sandboxes } from './sandboxes.js'
import type { Services } from './services/services.js'
import type { Templates } from './templates/templates.js'
import { DEFAULT_RETRY } from './transport/retry.js'
import { WorkspaceClient } from './workspace-client.js'
import { Workspaces } from './workspaces/workspaces.js'

const DEFAULT_WORKSPACE = 'default'
const DEFAULT_REQUEST_TIMEOUT_MS = 30_000

/** A client of one gateway. Close it, or declare it with `await using`. */
export class OpenShellClient implements AsyncDisposable {
  /** The workspaces of the gateway and their members. */
  readonly workspaces: Workspaces
  /** What platform administrators do with the gateway as a whole. */
  readonly admin: Admin
  /** The connection below, for `@openshell-ts/sdk/raw`. @experimental Outside semantic versioning. */
  readonly raw: RawGateway
  readonly #context: ClientContext
  readonly #activeDriver: ActiveDriverFinder
  readonly #ownWorkspace: WorkspaceClient

  private constructor(context: ClientContext, workspace: string, activeDriver = new ActiveDriverFinder()) {
    this.#context = context
    this.#activeDriver = activeDriver
    this.workspaces = new Workspaces(context)
    this.admin = new Admin(context)
    this.raw = new RawGateway(context.gateway)
    this.#ownWorkspace = new WorkspaceClient(context, workspace, this.#activeDriver)
  }

  /**
   * Connects to a gateway and finds out which protocol it speaks. Throws `UnsupportedGatewayError` for a gateway that this
   * release cannot talk to, kind `unavailable` when nobody answers, and kind `configuration` for options that make no sense.
   */
  static async connect(options: ConnectOptions): Promise<OpenShellClient> {
    const endpoint = checkConnectOptions(options)
    const { workspace = DEFAULT_WORKSPACE, tls = {}, auth, interceptors = [], userAgent, logger, signal } = options
    if (tls.insecureSkipVerify) logger?.warn(`The server at ${endpoint.address} is trusted whatever it shows.`)
    // What speaks to gateways is most of what there is to load; a program that may not connect starts without it.
    const { Gateway } = await import('./transport/gateway.js')
    const gateway = await Gateway.open(
      {
        endpoint,
        tls,
        credentials: auth && createCallCredentials(auth),
        userAgent,
        interceptors,
        requestTimeoutMs: options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
        retry: { ...DEFAULT_RETRY, ...options.retry },
        logger,
        wireLine: options.wireLine,
      },
      signal,
    )
    const { clientChecks = 'on', activeDriver } = options
    const context = { gateway, clientChecks, logger, activeDriver, failedCreates: new FailedCreates() }
    return new OpenShellClient(context, workspace)
  }

  /**
   * Connects to a gateway that the OpenShell command line tool knows, with the credentials of its login. Without a name it is
   * that of `OPENSHELL_GATEWAY`, else the selected one. Throws kind `configuration` for files that are missing or of no use, and
   * `unauthenticated` when a login is needed; both say which file, and what to run.
   */
  static async fromGateway(name?: string, options: FromGatewayOptions = {}): Promise<OpenShellClient> {
    const { resolveGateway } = await import('./gateways/resolve-gateway.js')
    return OpenShellClient.connect(await resolveGateway({ name, endpointFromEnvironment: false, options }))
  }

  /**
   * Connects to the gateway that the environment names: at `OPENSHELL_GATEWAY_ENDPOINT` when it is set, with the credentials of
   * the stored gateway that `OPENSHELL_GATEWAY` names or that has this endpoint; else as `fromGateway` without a name.
   */
  static async fromEnv(options: FromGatewayOptions = {}): Promise<OpenShellClient> {
    const { resolveGateway } = await import('./gateways/resolve-gateway.js')
    return OpenShellClient.connect(await resolveGateway({ endpointFromEnvironment: true, options }))
  }

  /** The sandboxes of the workspace that the client was connected with. */
  get sandboxes(): Sandboxes {
    return this.#ownWorkspace.sandboxes
  }

  /** The stored templates of that workspace. */
  get templates(): Templates {
    return this.#ownWorkspace.templates
  }

  /** The providers of that workspace. */
  get providers(): Providers {
    return this.#ownWorkspace.providers
  }

  /** The profiles of providers of that workspace. */
  get profiles(): Profiles {
    return this.#ownWorkspace.profiles
  }

  /** The exposed services of that workspace. */
  get services(): Services {
    return this.#ownWorkspace.services
  }

  /** The policies of that workspace's sandboxes. */
  get policies(): Policies {
    return this.#ownWorkspace.policies
  }

  /** The rules that that workspace's sandboxes propose. */
  get drafts(): Drafts {
    return this.#ownWorkspace.drafts
  }

  /** The inference routes of that workspace. */
  get inference(): InferenceRoutes {
    return this.#ownWorkspace.inference
  }

  /** A client for another workspace, over the same connection. Whether the workspace exists shows with the first call. */
  workspace(name: string): WorkspaceClient {
    throwViolations('workspace', checkSandboxName('name', name))
    return new WorkspaceClient(this.#context, name, this.#activeDriver)
  }

  /**
   * A client over the same connection with limits and headers of its own. They hold for everything that comes from it: workspaces,
   * sandboxes, streams, forwards. What `raw` gives is the exception: it has no limits at all. Closing a derived client ends its calls
   * alone; closing the client that it comes from ends those and the connection. A sandbox that it created is still deleted at its
   * disposal when the signal has aborted. Throws kind `configuration` for options that make no sense.
   */
  with(options: DerivedClientOptions): OpenShellClient {
    checkDerivedOptions(options)
    const gateway = this.#context.gateway.derive(options)
    return new OpenShellClient({ ...this.#context, gateway }, this.#ownWorkspace.name, this.#activeDriver)
  }

  /** The gateway's health and version. */
  async health(options: RequestOptions = {}): Promise<GatewayHealth> {
    checkOptions('client.health', options, REQUEST_OPTIONS)
    return this.#context.gateway.read({ rpc: 'Health', ...options }, (codec, call) => codec.gateway.health(call))
  }

  /** Who the gateway takes the caller for. */
  async whoami(options: RequestOptions = {}): Promise<CurrentUser> {
    checkOptions('client.whoami', options, REQUEST_OPTIONS)
    return this.#context.gateway.read({ rpc: 'GetCurrentUser', ...options }, (codec, call) =>
      codec.gateway.currentUser(call),
    )
  }

  /** The gateway and its drivers. Throws kind `permission-denied` for callers who are no platform administrators. */
  async gatewayInfo(options: RequestOptions = {}): Promise<GatewayInfo> {
    checkOptions('client.gatewayInfo', options, REQUEST_OPTIONS)
    return this.#context.gateway.read({ rpc: 'GetGatewayInfo', ...options }, (codec, call) => codec.gateway.info(call))
  }

  /** Ends every call and the connection; of a derived client, its own calls alone. Calls made afterwards fail with kind `closed`. */
  close(): Promise<void> {
    return this.#context.gateway.close()
  }

  /** Closes the client. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
