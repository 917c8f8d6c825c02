import type { ClientContext } from '../calls/client-context.js'
import { LIST_OPTIONS, type ListOptions } from '../calls/list-options.js'
import { listPages } from '../calls/list-pages.js'
import type { Pager } from '../calls/pager.js'
import { readLabelSelector } from '../calls/read-label-selector.js'
import { CHANGE_OPTIONS, type ChangeOptions, REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { checkLabels } from '../checks/check-labels.js'
import { checkSandboxName } from '../checks/check-name.js'
import { checkOptions } from '../checks/check-options.js'
import { text } from '../checks/option-shapes.js'
import { requireArguments, requireNames } from '../checks/require-arguments.js'
import { runClientChecks } from '../checks/run-client-checks.js'
import { throwViolations } from '../checks/throw-violations.js'
import { isNotFound } from '../errors/absence.js'
import { OpenShellError } from '../errors/openshell-error.js'
import { restateError } from '../errors/restate-error.js'
import type { DeleteResult } from '../model/delete-result.js'
import type { WorkspaceInfo } from '../model/workspace-info.js'
import { WorkspaceMembers } from './workspace-members.js'

/** How a workspace is created. */
export interface WorkspaceCreateOptions extends ChangeOptions {
  /** Labels that `list({ labelSelector })` can select by. @default {} */
  readonly labels?: Readonly<Record<string, string>>
}

/** Which workspaces are listed. */
export interface WorkspaceListOptions extends ListOptions {
  /** At most 64 `key=value` pairs, separated by commas, that must all match; empty means all. @default '' */
  readonly labelSelector?: string
}

/** The workspaces of a gateway. Creating and deleting them is for platform administrators. */
export class Workspaces {
  readonly #context: ClientContext

  /** @internal Comes with a client. */
  constructor(context: ClientContext) {
    this.#context = context
  }

  /**
   * Creates a workspace; its name has at most 19 lower-case letters, digits and single inner hyphens. Throws kind
   * `already-exists` when the name is in use, also by one that is being deleted.
   */
  async create(name: string, options: WorkspaceCreateOptions = {}): Promise<WorkspaceInfo> {
    checkOptions('workspaces.create', options, ['labels', 'signal', 'requestId'])
    requireArguments('workspaces.create', { name: [name, text] })
    const { labels = {}, signal, requestId } = options
    runClientChecks(this.#context, 'CreateWorkspace', () => [
      ...checkSandboxName('name', name),
      ...checkLabels('labels', labels),
    ])
    return this.#context.gateway.mutate({ rpc: 'CreateWorkspace', signal, requestId }, (codec, call) =>
      codec.workspaces.create({ name, labels }, call),
    )
  }

  /** Reads a workspace. Throws kind `not-found` when there is none. */
  async get(name: string, options: RequestOptions = {}): Promise<WorkspaceInfo> {
    const { signal } = checkOptions('workspaces.get', options, REQUEST_OPTIONS)
    requireNames('workspaces.get', { name })
    return this.#context.gateway.read({ rpc: 'GetWorkspace', signal }, (codec, call) =>
      codec.workspaces.get(name, call),
    )
  }

  /** Reads a workspace, or returns undefined when there is none. */
  async tryGet(name: string, options: RequestOptions = {}): Promise<WorkspaceInfo | undefined> {
    try {
      return await this.get(name, options)
    } catch (error) {
      if (isNotFound(error)) return undefined
      throw error
    }
  }

  /** Lists the workspaces that the caller may see; the signal belongs to all of the reading. */
  list(options: WorkspaceListOptions = {}): Pager<WorkspaceInfo> {
    checkOptions('workspaces.list', options, ['labelSelector', ...LIST_OPTIONS])
    const labelSelector = readLabelSelector(this.#context, 'ListWorkspaces', options)
    return listPages(
      this.#context.gateway,
      { rpc: 'ListWorkspaces' },
      options,
      (codec, page, call) => codec.workspaces.list({ labelSelector, ...page }, call),
      ({ id }) => id,
    )
  }

  /**
   * Deletes a workspace that is empty; a missing one is a result, not an error. Throws kind `failed-precondition` while it holds
   * anything, and for `default`. The attempt itself closes the workspace: it takes nothing new from then on.
   */
  async delete(name: string, options: ChangeOptions = {}): Promise<DeleteResult> {
    const { signal, requestId } = checkOptions('workspaces.delete', options, CHANGE_OPTIONS)
    requireNames('workspaces.delete', { name })
    try {
      return await this.#context.gateway.mutate({ rpc: 'DeleteWorkspace', signal, requestId }, (codec, call) =>
        codec.workspaces.delete(name, call),
      )
    } catch (error) {
      if (isNotFound(error)) return { outcome: 'absent' }
      throw error instanceof OpenShellError && isStillFull(error) ? explainTerminating(error, name) : error
    }
  }

  /** The members of a workspace. Whether the workspace exists shows with the first call. */
  members(workspace: string): WorkspaceMembers {
    throwViolations('workspaces.members', checkSandboxName('workspace', workspace))
    return new WorkspaceMembers(this.#context, workspace)
  }
}

function isStillFull({ kind, message }: OpenShellError): boolean {
  return kind === 'failed-precondition' && !message.includes('default workspace')
}

// The gateway refuses, but it has closed the workspace all the same, and says nothing of that.
function explainTerminating(error: OpenShellError, name: string): OpenShellError {
  return restateError(error, {
    hint:
      `Workspace "${name}" is TERMINATING now: it refuses everything new and cannot be opened again. ` +
      'Delete what the message names, then delete the workspace once more.',
  })
}
