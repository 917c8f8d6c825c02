import type { ClientContext } from './calls/client-context.js'
import { findSandbox } from './calls/find-sandbox.js'
import { LIST_OPTIONS, type ListOptions } from './calls/list-options.js'
import { listPages } from './calls/list-pages.js'
import type { Pager } from './calls/pager.js'
import { readLabelSelector } from './calls/read-label-selector.js'
import { REQUEST_OPTIONS, type RequestOptions } from './calls/request-options.js'
import { checkOptions } from './checks/check-options.js'
import { requireNames } from './checks/require-arguments.js'
import { createOnce } from './create-once.js'
import type { SandboxCreateOptions } from './create-options.js'
import { type CreatePlan, createSandbox } from './create-sandbox.js'
import { checkDeleteOptions, type DeleteOptions } from './delete-options.js'
import type { ActiveDriverFinder } from './driver-config/active-driver.js'
import { orUndefined } from './errors/absence.js'
import { OpenShellError } from './errors/openshell-error.js'
import type { DeleteResult } from './model/delete-result.js'
import type { SandboxInfo } from './model/sandbox-info.js'
import type { SandboxCreateSpec } from './model/template.js'
import { Sandbox } from './sandbox.js'

const LARGEST_PAGE = 1000

/** Which sandboxes are listed. */
export interface SandboxListOptions extends ListOptions {
  /** At most 64 `key=value` pairs, separated by commas, that must all match; empty means all sandboxes. @default '' */
  readonly labelSelector?: string
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
    return createSandbox(this.#plan(spec, options))
  }

  /**
   * Returns the sandbox of this name, and creates it when there is none. A lost answer is settled by looking at what became of
   * it, so that no second sandbox is made. The handle deletes the sandbox when it is disposed only if this call created it. What
   * is there is taken as it is: its spec is not compared. Throws kind `outcome-uncertain` when the look itself fails.
   */
  createOnce(
    spec: SandboxCreateSpec & { readonly name: string },
    options: SandboxCreateOptions = {},
  ): Promise<Sandbox> {
    return createOnce(this.#plan(spec, options))
  }

  /** Finds a sandbox by name. Throws kind `not-found` when there is none. Disposing the handle does not delete it. */
  async get(name: string, options: RequestOptions = {}): Promise<Sandbox> {
    checkOptions('sandboxes.get', options, REQUEST_OPTIONS)
    requireNames('sandboxes.get', { name })
    const info = await findSandbox(this.#context, this.#workspace, name, options.signal)
    return new Sandbox(this.#context, { info, onDispose: 'keep' })
  }

  /** Finds a sandbox by name, or returns undefined. Throws kind `not-found` when the workspace itself does not exist. */
  tryGet(name: string, options: RequestOptions = {}): Promise<Sandbox | undefined> {
    return orUndefined(this.get(name, options))
  }

  /**
   * Finds a sandbox by its id, which no other one ever has. Gateways are asked by name, so that this reads the list of the workspace.
   * Throws kind `not-found` when there is none. Disposing the handle does not delete it.
   */
  async getById(id: string, options: RequestOptions = {}): Promise<Sandbox> {
    checkOptions('sandboxes.getById', options, REQUEST_OPTIONS)
    requireNames('sandboxes.getById', { id })
    for await (const info of this.list({ ...options, pageSize: LARGEST_PAGE })) {
      if (info.id === id) return new Sandbox(this.#context, { info, onDispose: 'keep' })
    }
    throw noSuchId(this.#workspace)
  }

  /** Lists sandboxes; the signal belongs to all of the reading. */
  list(options: SandboxListOptions = {}): Pager<SandboxInfo> {
    checkOptions('sandboxes.list', options, ['labelSelector', ...LIST_OPTIONS])
    const labelSelector = readLabelSelector(this.#context, 'ListSandboxes', options)
    const request = { scope: { workspace: this.#workspace }, labelSelector }
    return listPages(
      this.#context.gateway,
      { rpc: 'ListSandboxes' },
      options,
      (codec, page, call) => codec.sandboxes.list({ ...request, ...page }, call),
      ({ id }) => id,
    )
  }

  /** Deletes the sandbox that has this name now. None of this name is a result, not an error. */
  async delete(name: string, options: DeleteOptions = {}): Promise<DeleteResult> {
    const { signal } = checkDeleteOptions('sandboxes.delete', options)
    requireNames('sandboxes.delete', { name })
    const sandbox = await this.tryGet(name, { ...(signal && { signal }) })
    return sandbox ? sandbox.delete(options) : { outcome: 'absent' }
  }

  #plan(spec: SandboxCreateSpec, options: SandboxCreateOptions): CreatePlan {
    return { context: this.#context, activeDriver: this.#activeDriver, workspace: this.#workspace, spec, options }
  }
}

function noSuchId(workspace: string): OpenShellError {
  return new OpenShellError({
    kind: 'not-found',
    message: `sandboxes.getById: no sandbox in workspace "${workspace}" has this id.`,
    hint: 'It may be deleted, or lie in another workspace.',
    rpc: 'ListSandboxes',
    attempts: 1,
  })
}
