import { randomUUID } from 'node:crypto'
import { clone } from '@bufbuild/protobuf'
import { SandboxSpecSchema } from '@openshell-ts/protocol/v0-0'
import { checkResourceVersion } from '../checks/check-resource-version.js'
import { invalidArgument, notFound } from '../errors/status-error.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { checkProviderName } from './check-provider.js'
import { checkEnvironmentKeysUnique, requireProviders } from './provider-environment.js'

const providerLimit = 32

/** Which provider to attach or detach. */
export interface AttachmentRequest {
  readonly provider: string
  /** The version of the sandbox that the caller read; 0 for no check. */
  readonly expectedResourceVersion: bigint
}

/** A sandbox after the call, and whether the call changed it. */
export interface AttachmentResult {
  readonly row: SandboxRow
  readonly changed: boolean
}

/**
 * Attaches a provider to a sandbox; its supervisor finds the new variables with its next look.
 *
 * @throws StatusError FAILED_PRECONDITION for an unknown provider or a variable that another one brings, ABORTED when the
 *   sandbox was changed since.
 */
export function attachProvider(store: GatewayStore, row: SandboxRow, request: AttachmentRequest): AttachmentResult {
  checkProviderName(request.provider)
  requireProviders(store, row.workspace, [request.provider])
  const present = [...new Set(row.spec.providers)]
  const changed = !present.includes(request.provider)
  if (changed && present.length >= providerLimit) {
    throw invalidArgument(`providers list exceeds maximum (${providerLimit})`)
  }
  const names = changed ? [...present, request.provider] : present
  checkEnvironmentKeysUnique(store, requireProviders(store, row.workspace, names))
  return write(store, row, names, changed, 'attach sandbox provider', request)
}

/**
 * Detaches a provider from a sandbox, whether the provider still exists or not.
 *
 * @throws StatusError ABORTED when the sandbox was changed since.
 */
export function detachProvider(store: GatewayStore, row: SandboxRow, request: AttachmentRequest): AttachmentResult {
  checkProviderName(request.provider)
  const names = row.spec.providers.filter((name) => name !== request.provider)
  const changed = names.length < row.spec.providers.length
  return write(store, row, names, changed, 'detach sandbox provider', request)
}

function write(
  { sandboxes }: GatewayStore,
  row: SandboxRow,
  providers: readonly string[],
  changed: boolean,
  operation: string,
  { expectedResourceVersion }: AttachmentRequest,
): AttachmentResult {
  checkResourceVersion(operation, expectedResourceVersion, row.resourceVersion)
  if (!changed) return { row, changed }
  const spec = clone(SandboxSpecSchema, row.spec)
  spec.providers = [...providers]
  const launch = row.launch && { ...row.launch, attachmentEpoch: randomUUID() }
  const written = sandboxes.update(row.id, { spec, launch })
  if (!written) throw notFound('sandbox not found')
  return { row: written, changed }
}
