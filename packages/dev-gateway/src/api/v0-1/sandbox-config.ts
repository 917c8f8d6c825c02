import { type OpenShell, PolicySource, SettingScope } from '@openshell-ts/protocol/v0-1'
import type { Principal } from '../../auth/principal.js'
import { toLaterPolicy } from '../../policies/policy-words.js'
import { readSandboxConfig } from '../../policies/sandbox-config.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { permissionDenied } from '../../server/status-error.js'
import type { EffectiveSetting } from '../../settings/settings.js'
import type { SandboxRow } from '../../store/sandbox-row.js'
import type { ApiContext } from '../api-context.js'
import { toSettingValue } from '../v0-0/to-setting-value.js'
import { findSandbox } from './find-sandbox.js'

/** What holds for a sandbox, as its supervisor and its users read it. */
export function sandboxConfigHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    getSandboxConfig: ({ workspaceScope, name }, { principal }) => {
      const row =
        principal.type === 'sandbox' ? ownSandbox(context, principal, name) : findSandbox(context, workspaceScope, name)
      const { policy: effective, settings, revision, environmentRevision } = readSandboxConfig(context.store, row)
      return {
        ...(effective.policy && { policy: toLaterPolicy(effective.policy) }),
        version: effective.version,
        policyHash: effective.hash,
        policySource: effective.source === 'global' ? PolicySource.GLOBAL : PolicySource.SANDBOX,
        globalPolicyVersion: effective.globalVersion,
        settings: Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, toSetting(setting)])),
        configRevision: revision,
        providerEnvRevision: environmentRevision,
        workspace: row.workspace,
        policyValidationFailureMode: 'fail_closed',
        configurationAdmitted: true,
      }
    },
  }
}

// A supervisor may know its sandbox by its id only, and learns nothing of others.
function ownSandbox({ store }: ApiContext, principal: Principal & { type: 'sandbox' }, name: string): SandboxRow {
  const row = store.sandboxes.get(principal.sandboxId)
  if (row && (name === row.name || name === row.id)) return row
  throw permissionDenied('sandbox not found or not owned by caller')
}

function toSetting({ value, scope }: EffectiveSetting) {
  const scopes = { sandbox: SettingScope.SANDBOX, global: SettingScope.GLOBAL }
  return {
    ...(value !== undefined && { value: toSettingValue(value) }),
    scope: scope === undefined ? SettingScope.UNSPECIFIED : scopes[scope],
  }
}
