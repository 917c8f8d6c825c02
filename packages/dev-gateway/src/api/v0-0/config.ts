import type { OpenShell } from '@openshell-ts/protocol/v0-0'
import { requireOwnSandbox } from '../../auth/authenticator.js'
import type { Principal } from '../../auth/principal.js'
import { checkAnnotations } from '../../checks/check-annotations.js'
import { permissionDenied, StatusError } from '../../errors/status-error.js'
import { parseChanges } from '../../policies/policy-change.js'
import { checkSupervisorUpdate, updateConfig } from '../../policies/update-config.js'
import type { SandboxRow } from '../../records/sandbox-row.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { settingKeys } from '../../settings/registered-settings.js'
import { globalOwner, readSettings } from '../../settings/settings.js'
import { resolveWorkspace } from '../../workspaces/workspace-scope.js'
import type { ApiContext } from '../api-context.js'
import { findSandbox, type SandboxReference } from './find-sandbox.js'
import { toSettingValue } from './to-setting-value.js'

/** How policies and settings are changed, and the gateway's own settings. */
export function configHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  return {
    updateConfig: ({ settingValue, mergeOperations, ...request }, { principal }) => {
      checkAnnotations(request.annotations)
      if (!request.global) resolveWorkspace(store.workspaces, request.workspace)
      checkSupervisorUpdate(principal, request)
      const merge = { count: mergeOperations.length, read: () => parseChanges(mergeOperations) }
      const update = { ...request, policy: request.policy, settingValue: settingValue?.value, merge }
      const fromSupervisor = principal.type === 'sandbox'
      const findRow = () => ownSandbox(context, request, principal, 'name is required for sandbox-scoped updates')
      const result = updateConfig(store, update, findRow, fromSupervisor)
      return { ...result, settingsRevision: BigInt(result.settingsRevision) }
    },
    getGatewayConfig: () => {
      const { revision, values } = readSettings(store, globalOwner)
      return {
        settings: Object.fromEntries(settingKeys.map((key) => [key, toSettingValue(values[key])])),
        settingsRevision: BigInt(revision),
      }
    },
  }
}

/**
 * The sandbox with this name, which must be the caller's own when a supervisor asks: it learns nothing of others.
 *
 * @throws StatusError PERMISSION_DENIED for a supervisor, NOT_FOUND for a user, INVALID_ARGUMENT with `emptyText`.
 */
export function ownSandbox(
  context: ApiContext,
  reference: SandboxReference,
  principal: Principal,
  emptyText = 'name is required',
): SandboxRow {
  try {
    const row = findSandbox(context, reference, emptyText)
    requireOwnSandbox(principal, row.id)
    return row
  } catch (error) {
    if (principal.type === 'user' || !(error instanceof StatusError)) throw error
    throw permissionDenied('sandbox not found or not owned by caller')
  }
}
