import { refuseUnknownOptions } from './checks/refuse-unknown-options.js'
import type { ClientContext } from './client-context.js'
import type { SandboxCreateOptions } from './create-options.js'
import { createSandbox } from './create-sandbox.js'
import type { DeleteOptions, DeleteResult } from './delete-result.js'
import type { ActiveDriverFinder } from './driver-config/active-driver.js'
import { OpenShellError } from './errors.js'
import { Pager } from './pager.js'
import type { RequestOptions } from './request-options.js'
import { Sandbox } from './sandbox.js'
import type { SandboxInfo } from './sandbox-info.js'
import type { SandboxCreateSpec } from './template.js'

const DEFAULT_PAGE_SIZE = 100
const MAX_PAGE_SIZE = 1000

/** Which sandboxes are listed. */
export interface SandboxListOptions extends RequestOptions {
  /** `key=value` pairs, separated by commas, that must all match; empty means all sandboxes. @default '' */
  readonly labelSelector?: string
  /** How many sandboxes one request fetches, from 1 to 1000. @default 100 */
  readonly pageSize?: number
}

/** The sandboxes of one workspace. */
export class Sandboxes {
  readonly #context: ClientContext
  readonly #workspace: string
  readonly #activeDriver: ActiveDriverFinder

  /** @internal Comes with a client. */
  constructor(context: ClientContext, workspace: string, activeDriver: ActiveDriverFinder) {
    this.#context = context
    this.#workspace = workspace
    this.#activeDriver = activeDriver
  }

  /**
   * Creates a sandbox and waits until commands can run in it. The handle deletes the sandbox when it is disposed, unless
   * `keep` is set. All problems of the spec are reported at once, and before anything is sent.
   */
  create(spec: SandboxCreateSpec = {}, options: SandboxCreateOptions = {}): Promise<Sandbox> {
    return createSandbox(this.#context, this.#activeDriver, this.#workspace, spec, options)
  }

  /** Finds a sandbox by name. Throws kind `not-found` when there is none. Disposing the handle does not delete it. */
  async get(name: string, options: RequestOptions = {}): Promise<Sandbox> {
    const scope = { rpc: 'GetSandbox', sandboxName: name, signal: options.signal }
    const workspace = this.#workspace
    const info = await this.#context.gateway.read(scope, (codec, call) => codec.sandboxes.get(workspace, name, call))
    return new Sandbox(this.#context, { info, warnings: [], onDispose: 'keep' })
  }

  /** Finds a sandbox by name, or returns undefined. Throws kind `not-found` when the workspace itself does not exist. */
  async tryGet(name: string, options: RequestOptions = {}): Promise<Sandbox | undefined> {
    try {
      return await this.get(name, options)
    } catch (error) {
      if (isAbsence(error)) return undefined
      throw error
    }
  }

  /** Lists sandboxes; the signal belongs to all of the reading. */
  list(options: SandboxListOptions = {}): Pager<SandboxInfo> {
    refuseUnknownOptions('sandboxes.list', options, ['labelSelector', 'pageSize', 'signal'])
    const { labelSelector = '', pageSize = DEFAULT_PAGE_SIZE, signal } = options
    const request = {
      workspace: this.#workspace,
      labelSelector,
      // A larger page would be clamped by the gateway, and its last item taken for the end of the list.
      pageSize: Math.min(MAX_PAGE_SIZE, Math.max(1, Math.trunc(pageSize))),
    }
    const scope = { rpc: 'ListSandboxes', signal }
    return new Pager(
      (pageToken) =>
        this.#context.gateway.read(scope, (codec, call) => codec.sandboxes.list({ ...request, pageToken }, call)),
      ({ id }) => id,
    )
  }

  /** Deletes the sandbox that has this name now. None of this name is a result, not an error. */
  async delete(name: string, options: DeleteOptions = {}): Promise<DeleteResult> {
    const sandbox = await this.tryGet(name, options)
    return sandbox ? sandbox.delete(options) : { outcome: 'absent' }
  }
}

// Missing workspace and missing sandbox carry the same code; only the text tells them apart.
function isAbsence(error: unknown): boolean {
  return (
    error instanceof OpenShellError && error.kind === 'not-found' && !/workspace '.*' not found/s.test(error.message)
  )
}
