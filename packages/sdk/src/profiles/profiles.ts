import type { ClientContext } from '../calls/client-context.js'
import { LIST_OPTIONS, type ListOptions } from '../calls/list-options.js'
import { listPages } from '../calls/list-pages.js'
import type { Pager } from '../calls/pager.js'
import { CHANGE_OPTIONS, type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { checkOptions } from '../checks/check-options.js'
import { name, object, objects } from '../checks/option-shapes.js'
import { requireArguments, requireNames } from '../checks/require-arguments.js'
import { toRevision } from '../checks/resource-revision.js'
import { isAbsence, orUndefined } from '../errors/absence.js'
import type { DeleteResult } from '../model/delete-result.js'
import type {
  ProfileImportItem,
  ProfileImportResult,
  ProfileLintResult,
  ProfileUpdateResult,
  ProviderProfile,
} from '../model/provider-profile.js'

/** How a profile is replaced. */
export interface ProfileUpdateOptions extends ChangeOptions {
  /** The `resourceVersion` that was read. Throws kind `conflict` when the profile has another one by now. */
  readonly expectedResourceVersion: string
}

/**
 * Profiles of providers: what a type of provider needs and may do. Those of a workspace, or the platform's own from
 * `client.admin.profiles`. What is wrong with a profile is a result, not an error.
 */
export class Profiles {
  readonly #context: ClientContext
  readonly #workspace: string | undefined

  /** @internal Comes with a workspace; no workspace means the platform. */
  constructor(context: ClientContext, workspace: string | undefined) {
    this.#context = context
    this.#workspace = workspace
  }

  /** Lists the profiles that can be used here; the signal belongs to all of the reading. */
  list(options: ListOptions = {}): Pager<ProviderProfile> {
    checkOptions('profiles.list', options, LIST_OPTIONS)
    return listPages(
      this.#context.gateway,
      { rpc: 'ListProviderProfiles' },
      options,
      (codec, page, call) => codec.profiles.list(this.#workspace, page, call),
      ({ id }) => id,
    )
  }

  /** Reads a profile. Throws kind `not-found` when there is none. */
  async get(id: string, options: RequestOptions = {}): Promise<ProviderProfile> {
    const { signal } = checkOptions('profiles.get', options, REQUEST_OPTIONS)
    requireNames('profiles.get', { id })
    return this.#context.gateway.read({ rpc: 'GetProviderProfile', signal }, (codec, call) =>
      codec.profiles.get(this.#workspace, id, call),
    )
  }

  /** Reads a profile, or returns undefined. Throws kind `not-found` when the workspace itself does not exist. */
  tryGet(id: string, options: RequestOptions = {}): Promise<ProviderProfile | undefined> {
    return orUndefined(this.get(id, options))
  }

  /** Imports profiles, all of them or none. Throws kind `invalid-argument` for keys that this gateway does not know. */
  async import(items: readonly ProfileImportItem[], options: ChangeOptions = {}): Promise<ProfileImportResult> {
    const { signal, requestId } = checkOptions('profiles.import', options, CHANGE_OPTIONS)
    requireArguments('profiles.import', { items: [items, objects] })
    return this.#context.gateway.mutate({ rpc: 'ImportProviderProfiles', signal, requestId }, (codec, call) =>
      codec.profiles.import(this.#workspace, items, call),
    )
  }

  /** Replaces a profile in full. */
  async update(id: string, item: ProfileImportItem, options: ProfileUpdateOptions): Promise<ProfileUpdateResult> {
    checkOptions('profiles.update', options, ['expectedResourceVersion', 'signal', 'requestId'])
    requireArguments('profiles.update', { id: [id, name], item: [item, object] })
    const revision = toRevision('UpdateProviderProfiles', options.expectedResourceVersion)
    return this.#context.gateway.mutate(
      { rpc: 'UpdateProviderProfiles', signal: options.signal, requestId: options.requestId },
      (codec, call) => codec.profiles.update(this.#workspace, id, item, revision, call),
    )
  }

  /** Says what an import would find, and stores nothing. */
  async lint(items: readonly ProfileImportItem[], options: RequestOptions = {}): Promise<ProfileLintResult> {
    const { signal } = checkOptions('profiles.lint', options, REQUEST_OPTIONS)
    requireArguments('profiles.lint', { items: [items, objects] })
    return this.#context.gateway.read({ rpc: 'LintProviderProfiles', signal }, (codec, call) =>
      codec.profiles.lint(this.#workspace, items, call),
    )
  }

  /** Deletes a profile; a missing one is a result. Throws kind `failed-precondition` while a provider uses it. */
  async delete(id: string, options: ChangeOptions = {}): Promise<DeleteResult> {
    const { signal, requestId } = checkOptions('profiles.delete', options, CHANGE_OPTIONS)
    requireNames('profiles.delete', { id })
    try {
      return await this.#context.gateway.mutate({ rpc: 'DeleteProviderProfile', signal, requestId }, (codec, call) =>
        codec.profiles.delete(this.#workspace, id, call),
      )
    } catch (error) {
      if (isAbsence(error)) return { outcome: 'absent' }
      throw error
    }
  }
}
