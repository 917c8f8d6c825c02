import type { OpenShell } from '@openshell-ts/protocol/v0-1'
import { reviewConfiguration } from '../../admission/report-configuration.js'
import { checkAnnotations } from '../../checks/check-annotations.js'
import { parseLaterChanges } from '../../policies/later-policy-change.js'
import { checkSupervisorUpdate, updateConfig } from '../../policies/update-config.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { settingKeys } from '../../settings/registered-settings.js'
import { globalOwner, readSettings } from '../../settings/settings.js'
import { fromLaterPolicy } from '../../wire/policy-words.js'
import type { ApiContext } from '../api-context.js'
import { toSettingValue } from '../v0-0/to-setting-value.js'
import { ownSandbox } from './own-sandbox.js'
import { scopeOf } from './workspace-scope.js'

/** How policies and settings are changed, and the gateway's own settings. */
export function configHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  return {
    updateConfig: ({ sandbox: name, workspaceScope, mergeOperations, settingValue, ...request }, { principal }) => {
      checkAnnotations(request.annotations)
      if (!request.global && principal.type === 'user') scopeOf(store.workspaces, workspaceScope)
      const update = {
        ...request,
        name,
        policy: request.policy && fromLaterPolicy(request.policy),
        settingValue: settingValue?.value,
        merge: { count: mergeOperations.length, read: () => parseLaterChanges(mergeOperations) },
      }
      checkSupervisorUpdate(principal, update)
      const emptyText = 'sandbox is required for sandbox-scoped updates'
      const findRow = () => ownSandbox(context, { workspaceScope, name }, principal, emptyText)
      const result = updateConfig(store, update, findRow, principal.type === 'sandbox')
      const changed = request.global ? store.sandboxes.list() : [findRow()]
      for (const { id } of changed) reviewConfiguration(context, id)
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
