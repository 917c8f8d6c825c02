import { status } from '@grpc/grpc-js'
import type { ComputeContext } from '../compute/compute-context.js'
import { failedPrecondition, invalidArgument, notFound, StatusError } from '../errors/status-error.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { defaultWorkspace } from '../store/workspace-store.js'

/**
 * Deletes an empty workspace, with its members and routes.
 *
 * @throws StatusError FAILED_PRECONDITION for `default` and while it holds anything; it takes nothing more from then on.
 */
export async function deleteWorkspace({ store, driver }: ComputeContext, name: string): Promise<void> {
  const { workspaces } = store
  if (name === '') throw invalidArgument('name is required')
  if (name === defaultWorkspace) throw failedPrecondition('the default workspace cannot be deleted')
  if (!workspaces.get(name)) throw notFound(`workspace '${name}' not found`)
  workspaces.terminate(name)
  const held = resourcesIn(store, name)
  if (held.length > 0) throw failedPrecondition(`workspace '${name}' still contains resources: ${held.join(', ')}`)
  try {
    await driver.call('deleteWorkspace', { workspace: name })
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    if (error.code !== status.UNIMPLEMENTED) throw toDeleteError(error)
  }
  store.inferenceRoutes.removeScope(name)
  store.members.removeScope(name)
  workspaces.remove(name)
}

// What belongs to a sandbox goes with it, so that a workspace without sandboxes has none of it.
function resourcesIn(store: GatewayStore, name: string): string[] {
  const { sandboxes, providers, providerProfiles, workloadTemplates } = store
  const held = {
    sandbox: sandboxes.list(name),
    provider: providers.list(name),
    'provider profile': providerProfiles.list(name),
    'sandbox template': workloadTemplates.list(name),
  }
  return Object.entries(held).flatMap(([kind, records]) => (records.length > 0 ? [kind] : []))
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
