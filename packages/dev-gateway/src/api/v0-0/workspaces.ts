import { status } from '@grpc/grpc-js'
import { type OpenShell, WorkspacePhase } from '@openshell-ts/protocol/v0-0'
import { checkLabels } from '../../checks/check-labels.js'
import { checkName } from '../../checks/check-name.js'
import { parseLabelSelector } from '../../checks/label-selector.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { failedPrecondition, invalidArgument, notFound, StatusError } from '../../server/status-error.js'
import type { WorkspaceRow } from '../../store/workspace-row.js'
import { defaultWorkspace } from '../../store/workspace-store.js'
import type { ApiContext } from './api-context.js'
import { pageOf } from './page-of.js'

/** What a client can do with workspaces. */
export function workspaceHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { workspaces } = context.store
  return {
    createWorkspace: ({ name, labels }) => {
      if (name === '') throw invalidArgument('workspace name is required')
      checkName('workspace name', name)
      checkLabels(labels)
      const row = workspaces.insert(name, labels)
      if (!row) throw new StatusError(status.ALREADY_EXISTS, 'workspace already exists')
      return { workspace: toWorkspace(row) }
    },
    getWorkspace: ({ name }) => {
      if (name === '') throw invalidArgument('name is required')
      const row = workspaces.get(name)
      if (!row) throw notFound('workspace not found')
      return { workspace: toWorkspace(row) }
    },
    listWorkspaces: (request) => {
      const matches = parseLabelSelector(request.labelSelector)
      const rows = workspaces.list().filter((row) => matches(row.labels))
      return { workspaces: pageOf(rows, request).map(toWorkspace) }
    },
    deleteWorkspace: async ({ name }) => {
      await deleteWorkspace(context, name)
      return { deleted: true }
    },
  }
}

async function deleteWorkspace({ store, driver }: ApiContext, name: string): Promise<void> {
  const { workspaces, sandboxes } = store
  if (name === '') throw invalidArgument('name is required')
  if (name === defaultWorkspace) throw failedPrecondition('the default workspace cannot be deleted')
  if (!workspaces.get(name)) throw notFound(`workspace '${name}' not found`)
  workspaces.terminate(name)
  if (sandboxes.list(name).length > 0) {
    throw failedPrecondition(`workspace '${name}' still contains resources: sandbox`)
  }
  try {
    await driver.call('deleteWorkspace', { workspace: name })
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    if (error.code !== status.UNIMPLEMENTED) throw toDeleteError(error)
  }
  workspaces.remove(name)
}

function toDeleteError({ code, details }: StatusError): StatusError {
  const message = details === '' ? '' : `, message: ${JSON.stringify(details)}`
  return new StatusError(
    code,
    `delete workspace platform resources failed: code: '${codePhrases[code] ?? 'Unknown error'}'${message}`,
  )
}

const codePhrases: Readonly<Record<number, string>> = {
  [status.CANCELLED]: 'The operation was cancelled',
  [status.UNKNOWN]: 'Unknown error',
  [status.INVALID_ARGUMENT]: 'Client specified an invalid argument',
  [status.DEADLINE_EXCEEDED]: 'Deadline expired before operation could complete',
  [status.NOT_FOUND]: 'Some requested entity was not found',
  [status.ALREADY_EXISTS]: 'Some entity that we attempted to create already exists',
  [status.PERMISSION_DENIED]: 'The caller does not have permission to execute the specified operation',
  [status.RESOURCE_EXHAUSTED]: 'Some resource has been exhausted',
  [status.FAILED_PRECONDITION]: "The system is not in a state required for the operation's execution",
  [status.ABORTED]: 'The operation was aborted',
  [status.OUT_OF_RANGE]: 'Operation was attempted past the valid range',
  [status.INTERNAL]: 'Internal error',
  [status.UNAVAILABLE]: 'The service is currently unavailable',
  [status.DATA_LOSS]: 'Unrecoverable data loss or corruption',
  [status.UNAUTHENTICATED]: 'The request does not have valid authentication credentials',
}

function toWorkspace(row: WorkspaceRow) {
  return {
    metadata: {
      id: row.id,
      name: row.name,
      createdAtMs: BigInt(row.createdAtMs),
      labels: row.labels,
      resourceVersion: BigInt(row.resourceVersion),
      ...(row.deletionAtMs !== undefined && { deletionTimestampMs: BigInt(row.deletionAtMs) }),
    },
    status: { phase: row.deletionAtMs === undefined ? WorkspacePhase.ACTIVE : WorkspacePhase.TERMINATING },
  }
}
