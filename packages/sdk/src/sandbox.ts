import type { ClientContext } from './calls/client-context.js'
import { CHANGE_OPTIONS, type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from './calls/request-options.js'
import { SameSandbox } from './calls/same-sandbox.js'
import { checkOptions } from './checks/check-options.js'
import { Commands } from './commands/commands.js'
import { checkDeleteOptions, type DeleteOptions } from './delete-options.js'
import { deleteSandbox } from './delete-sandbox.js'
import { DraftHandle } from './drafts/draft-handle.js'
import type { SandboxWarning } from './driver-config/sandbox-warning.js'
import { replacedSandbox } from './errors/replaced-sandbox.js'
import { Files } from './files/files.js'
import { SharedStore } from './files/shared-store.js'
import type { DeleteResult } from './model/delete-result.js'
import type { SandboxInfo } from './model/sandbox-info.js'
import { PolicyHandle } from './policies/policy-handle.js'
import { Ports } from './ports/ports.js'
import { SandboxProviders } from './providers/sandbox-providers.js'
import { SandboxServices } from './services/sandbox-services.js'
import { SandboxSettings } from './settings/sandbox-settings.js'
import { Ssh } from './ssh/ssh.js'
import { LOG_OPTIONS, type LogOptions, readLogs, type SandboxLogs } from './watch/read-logs.js'
import { waitForSandbox } from './watch/wait-for-sandbox.js'
import { COMPLETED, DELETED, READY, READY_AFTER_START, STOPPED, type WaitGoal } from './watch/wait-goal.js'
import { WAIT_OPTIONS, type WaitOptions } from './watch/wait-options.js'
import type { WatchEvent } from './watch/watch-event.js'
import { checkWatchOptions, type WatchOptions } from './watch/watch-options.js'
import { watchSandbox } from './watch/watch-sandbox.js'
import type { SandboxAddress } from './wire/sandbox-address.js'
import { notInThisRelease } from './wire/unsupported.js'

/** What a handle knows at its beginning. */
export interface SandboxFields {
  readonly info: SandboxInfo
  /** None when absent. */
  readonly warnings?: readonly SandboxWarning[]
  /** Those that came with a create; none when absent. */
  readonly serviceUrls?: Readonly<Record<string, string>>
  /** Whether disposing the handle deletes the sandbox. */
  readonly onDispose: 'delete' | 'keep'
}

/**
 * A sandbox of a workspace. It stands for one sandbox for ever: another one that was made under its name later is not it, and calls throw
 * kind `not-found` then. What gateways take by name alone comes with a look at the id, in a call of its own: after reading, and before
 * `start`, `stop`, `delete`, each change by `services`, `providers`, `policy`, `drafts` and `settings`, and on line 0.1 each command. A
 * name that changes hands between that look and the act is not noticed, and neither is one by callers that may not read sandboxes.
 */
export class Sandbox implements AsyncDisposable {
  /** Runs commands. */
  readonly commands: Commands
  /** Reads, writes and copies its files. */
  readonly files: Files
  /** Reaches its ports. */
  readonly ports: Ports
  /** Lets SSH clients in. */
  readonly ssh: Ssh
  /** Ports that the gateway routes HTTP to. */
  readonly services: SandboxServices
  /** Providers that are attached. */
  readonly providers: SandboxProviders
  /** What the sandbox may do. */
  readonly policy: PolicyHandle
  /** Rules that the sandbox proposes. */
  readonly drafts: DraftHandle
  /** Which settings hold for the sandbox. */
  readonly settings: SandboxSettings
  /** What was worth a look when the sandbox was created; empty on handles from `get`. */
  readonly warnings: readonly SandboxWarning[]
  /**
   * URLs of the services that this sandbox was created with, by their names; that of the unnamed one is `''`. Empty without any, on
   * handles from `get`, and where the answer to the create was lost: `services.list()` reads them at any time.
   */
  readonly serviceUrls: Readonly<Record<string, string>>
  readonly #context: ClientContext
  readonly #onDispose: 'delete' | 'keep'
  readonly #calls: SameSandbox
  #info: SandboxInfo
  #startWasAsked = false

  /** @internal Handles come from `sandboxes.create` and `sandboxes.get`. */
  constructor(context: ClientContext, { info, warnings = [], serviceUrls = {}, onDispose }: SandboxFields) {
    this.#context = context
    this.#info = info
    this.#onDispose = onDispose
    this.#calls = new SameSandbox(context.gateway, this.#address)
    this.warnings = warnings
    this.serviceUrls = serviceUrls
    this.commands = new Commands(context, this.#address)
    this.files = new Files(new SharedStore(context, this.#address, this.commands), info.name)
    this.ports = new Ports(context, this.#address)
    this.ssh = new Ssh(context, this.#address)
    this.services = new SandboxServices(context, this.#address)
    this.providers = new SandboxProviders(context, this.#address)
    this.policy = new PolicyHandle(context, this.#address)
    this.drafts = new DraftHandle(context, this.#address)
    this.settings = new SandboxSettings(context, this.#address)
  }

  /** The last state that this handle saw. `refresh` and the waits bring it up to date. */
  get info(): SandboxInfo {
    return this.#info
  }

  get id(): string {
    return this.#info.id
  }

  get name(): string {
    return this.#info.name
  }

  get workspace(): string {
    return this.#info.workspace
  }

  /** Reads the state. Throws kind `not-found` when the sandbox is gone. */
  async refresh(options: RequestOptions = {}): Promise<SandboxInfo> {
    checkOptions('sandbox.refresh', options, REQUEST_OPTIONS)
    const { workspace, name } = this.#info
    const scope = { rpc: 'GetSandbox', sandboxName: name, signal: options.signal }
    return this.#adopt(
      await this.#context.gateway.read(scope, (codec, call) => codec.sandboxes.get(workspace, name, call)),
    )
  }

  /** Asks for a start; `waitReady` waits for it. Throws kind `failed-precondition` in a phase that cannot be started. */
  async start(options: ChangeOptions = {}): Promise<SandboxInfo> {
    const { signal, requestId } = checkOptions('sandbox.start', options, CHANGE_OPTIONS)
    const scope = { rpc: 'StartSandbox', sandboxName: this.name, signal, requestId }
    const info = await this.#calls.mutate(scope, (codec, call) => codec.sandboxes.start(this.#address, call))
    this.#startWasAsked = true
    return this.#adopt(info)
  }

  /** Stops the compute and keeps the record. Throws kind `failed-precondition` in a phase that cannot be stopped. */
  async stop(options: ChangeOptions = {}): Promise<SandboxInfo> {
    const { signal, requestId } = checkOptions('sandbox.stop', options, CHANGE_OPTIONS)
    const scope = { rpc: 'StopSandbox', sandboxName: this.name, signal, requestId }
    const stopping = this.#calls.mutate(scope, (codec, call) => codec.sandboxes.stop(this.#address, call))
    this.#startWasAsked = false
    return this.#adopt(await stopping)
  }

  /**
   * Waits until commands can run. Throws `WaitFailedError` as soon as that has become impossible, or not in time. A main process that
   * has ended makes it impossible, whatever its exit code: `waitCompleted` waits for that.
   */
  async waitReady(options: WaitOptions = {}): Promise<SandboxInfo> {
    await this.#wait(this.#startWasAsked ? READY_AFTER_START : READY, options)
    this.#startWasAsked = false
    return this.#info
  }

  /**
   * Waits until the main process has ended by itself, and returns the state with its `exitCode`. A code other than 0 is a result.
   * Throws `WaitFailedError` when the sandbox is stopped, deleted or fails in another way.
   */
  async waitCompleted(options: WaitOptions = {}): Promise<SandboxInfo> {
    await this.#wait(COMPLETED, options)
    return this.#info
  }

  /** Waits until the compute is released. Throws `WaitFailedError` as soon as that has become impossible, or not in time. */
  async waitStopped(options: WaitOptions = {}): Promise<SandboxInfo> {
    await this.#wait(STOPPED, options)
    return this.#info
  }

  /** Waits until the record is gone, or another sandbox has its name. Does not ask for the deletion. */
  async waitDeleted(options: WaitOptions = {}): Promise<void> {
    await this.#wait(DELETED, options)
  }

  /** Follows the sandbox until it is deleted, over lost connections. Leaving the loop ends the watch. */
  watch(options: WatchOptions = {}): AsyncGenerator<WatchEvent, void, undefined> {
    checkWatchOptions(options)
    return watchSandbox(this.#context.gateway, this.#address, options)
  }

  /** Reads the log lines that the gateway has kept, in the order of their time: of the sandbox, and its own about it. */
  async logs(options: LogOptions = {}): Promise<SandboxLogs> {
    checkOptions('sandbox.logs', options, LOG_OPTIONS)
    return readLogs(this.#calls, this.#address, options)
  }

  /** Freezes the sandbox with its memory. Throws kind `unsupported`: gateways do so from version 0.1.6, beyond this release. */
  async suspend(): Promise<SandboxInfo> {
    return notInThisRelease('sandbox.suspend', '0.1.6', 'sandbox.stop, which keeps files but no memory')
  }

  /** Lets a frozen sandbox go on. Throws kind `unsupported`: gateways do so from version 0.1.6, beyond this release. */
  async resume(): Promise<SandboxInfo> {
    return notInThisRelease('sandbox.resume', '0.1.6', 'sandbox.start')
  }

  /** Asks for the deletion. A sandbox that is not there any more is a result, not an error. */
  async delete(options: DeleteOptions = {}): Promise<DeleteResult> {
    const { wait = false, requestId, ...waitOptions } = checkDeleteOptions('sandbox.delete', options)
    const result = await deleteSandbox(this.#context.gateway, this.#info, { signal: options.signal, requestId })
    if (wait && result.outcome === 'accepted') await this.waitDeleted(waitOptions)
    return result
  }

  /** Deletes a sandbox that `create` made, unless it was made with `keep`. Does nothing for one from `get`. */
  async [Symbol.asyncDispose](): Promise<void> {
    // The signal of a derived client ends its work, not the tidying up after that.
    if (this.#onDispose === 'delete') await deleteSandbox(this.#context.gateway.unbounded, this.#info, {})
  }

  get #address(): SandboxAddress {
    const { workspace, name, id } = this.#info
    return { workspace, name, id }
  }

  async #wait(goal: WaitGoal, options: WaitOptions): Promise<void> {
    checkOptions(`sandbox wait for ${goal.name}`, options, WAIT_OPTIONS)
    const info = await waitForSandbox(this.#context.gateway, this.#address, goal, options)
    if (info) this.#info = info
  }

  #adopt(info: SandboxInfo): SandboxInfo {
    if (info.id !== this.#info.id) throw replacedSandbox(info.name)
    this.#info = info
    return info
  }
}
