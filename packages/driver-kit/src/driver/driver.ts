import type { DriverConfig } from '@openshell-ts/driver-config'
import type { DriverCapabilities } from './driver-capabilities.js'
import type { DriverLogger } from './driver-logger.js'
import type { SettingDefinitions, SettingValues } from './driver-settings.js'
import type { HandlerLimits } from './handler-limits.js'
import type { Progress } from './progress.js'
import type { RequestedSandbox, Sandbox } from './sandbox.js'
import type { SandboxState } from './sandbox-state.js'

/** What every handler gets. */
export interface HandlerContext<Settings> {
  /** The driver's own settings. */
  readonly settings: Settings
  /** Writes to the driver's log, with the sandbox's id on every line. Never log the sandbox's token. */
  readonly logger: DriverLogger
}

/** What `validate` gets. */
export interface ValidateContext<Current, Settings> extends HandlerContext<Settings> {
  /** The sandbox's config in its current version: checked, migrated, complete, frozen. */
  readonly config: Current
  /** Aborts when the gateway gives the request up. */
  readonly signal: AbortSignal
}

/** What `create` and `start` get. */
export interface LaunchContext<Current, Settings> extends ValidateContext<Current, Settings> {
  /**
   * Aborts when the handler has reached its limit, and when the sandbox is deleted or stopped, also after the handler has returned, so that work that goes on in the
   * background ends with it. It does not abort when the gateway's own call is cancelled: a create is finished or undone.
   */
  readonly signal: AbortSignal
  /** Shows clients how far the launch is. */
  readonly progress: Progress
  /**
   * Tells clients about something that was accepted and has no effect here. It becomes a `Warning` event on the sandbox's
   * watch streams: `reason` is one word in CamelCase, `message` a sentence without secrets, cut at 1,024 characters.
   */
  readonly warn: (reason: string, message: string) => void
  /** Reports a change after the handler has returned. Ignored once this launch was stopped, restarted or deleted. */
  readonly report: (state: SandboxState) => void
  /** Launch material of line 0.1, passed on unparsed for the supervisor. Absent when the gateway sends none. A secret. */
  readonly launchAuthentication?: Uint8Array
  /** Line 0.1's name of this run of the sandbox; absent when the gateway gives none. */
  readonly generationId?: string
}

/** What handlers get that belong to no sandbox of theirs. */
export interface CallContext<Settings> extends HandlerContext<Settings> {
  /** Aborts when the gateway gives the request up, and when the handler has reached its limit. */
  readonly signal: AbortSignal
}

/** What `stop` and `delete` get. */
export interface EndContext<Current, Settings> extends HandlerContext<Settings> {
  /** The sandbox's config, or `undefined` when this version of the driver cannot read the stored block any more. */
  readonly config: Current | undefined
  /** Aborts when the handler has reached its limit, see `handlerLimitsMs`; for `stop`, also when the sandbox is deleted meanwhile. */
  readonly signal: AbortSignal
}

/** One sandbox that the backend has, and what it is doing. */
export interface SandboxObservation {
  /** The sandbox's id. Ids that the kit has no record of are logged and left alone. */
  readonly id: string
  /** What its compute is doing now. */
  readonly state: SandboxState
}

/** What `list` gets. */
export interface ListContext<Settings> extends HandlerContext<Settings> {
  /** The sandboxes that the kit has records of. */
  readonly sandboxes: readonly Sandbox[]
}

/** What `watch` gets. */
export interface WatchContext<Settings> extends HandlerContext<Settings> {
  /** Reports a change of one sandbox. An unknown id is ignored, and so is the end of a sandbox that is being stopped. */
  readonly report: (id: string, state: SandboxState) => void
  /** The sandboxes as they are now. */
  readonly sandboxes: () => readonly Sandbox[]
  /** Aborts when the driver shuts down. */
  readonly signal: AbortSignal
}

/** A driver as its author declares it. See `defineDriver`. */
export interface DriverDefinition<Current, Definitions extends SettingDefinitions> {
  /** The driver's name: the key of its block in `driver_config`. Lower-case ASCII letters, digits, `-` and `_`. */
  readonly name: string
  /** The driver's own version, not the backend's. Shown to clients. At most 128 bytes. */
  readonly version: string
  /** A domain that the author owns, such as `acme.example`; it marks the driver's errors. The config's domain when absent, else the name. */
  readonly domain?: string
  /**
   * Adds the range and a digest of the config to the version that gateways show, as build metadata: `1.4.0+cfg.1-2.ab12cd34ef56`.
   * Clients then know which `schema_version` to write; `readAdvertisedConfig` reads it. @default false
   */
  readonly advertiseConfig?: boolean
  /** Every version of the driver's config. Without one, any block that is not empty is refused. */
  readonly config?: DriverConfig<Current>
  /** What the driver tells gateways about itself. */
  readonly capabilities?: DriverCapabilities
  /** The driver's own settings: flags of `serve` with environment twins. */
  readonly settings?: Definitions

  /** How long handlers may run before their signal aborts; each one that is absent has its own default. */
  readonly handlerLimitsMs?: HandlerLimits

  /**
   * Refuses what the driver cannot do, before anything exists; must have no side effects. The config is checked already.
   * Throw a `DriverError`: `invalid-argument` for a wrong request, `failed-precondition` for something that is missing.
   */
  validate?(
    sandbox: RequestedSandbox,
    context: ValidateContext<Current, SettingValues<Definitions>>,
  ): Promise<void> | void
  /**
   * Brings the sandbox's compute up. Return `{ type: 'starting' }` to answer early and report the rest later; returning
   * nothing means running. When it throws, the kit calls `delete` and forgets the sandbox.
   */
  create(
    sandbox: Sandbox,
    context: LaunchContext<Current, SettingValues<Definitions>>,
  ): Promise<SandboxState | undefined> | Promise<void>
  /** Starts a stopped sandbox again; returns as `create` does. When it throws, the sandbox stays as it was. */
  start(
    sandbox: Sandbox,
    context: LaunchContext<Current, SettingValues<Definitions>>,
  ): Promise<SandboxState | undefined> | Promise<void>
  /** Stops the sandbox's compute and keeps its state. Must return only when the compute has really stopped. */
  stop(sandbox: Sandbox, context: EndContext<Current, SettingValues<Definitions>>): Promise<void>
  /**
   * Removes everything that the sandbox has in the backend. It must succeed when some or all of it is gone already: it
   * runs after a create that failed half-way, and again after a crash of the driver.
   */
  delete(sandbox: Sandbox, context: EndContext<Current, SettingValues<Definitions>>): Promise<void>
  /** Says which sandboxes the backend has now. Called once when the driver starts. */
  list(context: ListContext<SettingValues<Definitions>>): Promise<readonly SandboxObservation[]>
  /** Reports changes for as long as the driver runs. Started after recovery; started again, after a pause, when it ends. */
  watch?(context: WatchContext<SettingValues<Definitions>>): Promise<void>

  /**
   * Says which sandbox a credential of the backend belongs to, such as a service account's token: resolves with its id, or
   * with `undefined` when it belongs to none, which the caller reads as UNAUTHENTICATED. The credential is a secret: it must
   * be verified, and never logged. Only gateways of line 0.1 ask, and only drivers that have this handler.
   */
  authenticate?(credential: string, context: CallContext<SettingValues<Definitions>>): Promise<string | undefined>
  /**
   * Makes what a workspace needs in the backend before its providers get credentials. Must succeed when it is there already.
   * Gateways do not call it for every workspace, so a sandbox must not depend on it.
   */
  ensureWorkspace?(workspace: string, context: CallContext<SettingValues<Definitions>>): Promise<void>
  /** Removes what a workspace has in the backend. Must succeed when nothing is there; a failure is tried again by clients. */
  deleteWorkspace?(workspace: string, context: CallContext<SettingValues<Definitions>>): Promise<void>
}

/** A driver that `serveDriver` and `runDriver` take. Made by `defineDriver`. */
export interface Driver<Current = unknown, Definitions extends SettingDefinitions = SettingDefinitions>
  extends DriverDefinition<Current, Definitions> {
  /** The domain that marks the driver's errors. */
  readonly domain: string
  /** The driver's config; one that takes nothing when it declares none. */
  readonly config: DriverConfig<Current>
  /** The driver's own settings; empty when it declares none. */
  readonly settings: Definitions
}
