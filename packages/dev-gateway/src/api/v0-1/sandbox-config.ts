import { type OpenShell, PolicySource, SettingScope } from '@openshell-ts/protocol/v0-1'
import { accepts } from '../../admission/accepts.js'
import { readSandboxConfig } from '../../policies/sandbox-config.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { type EffectiveSetting, globalOwner, readSettings } from '../../settings/settings.js'
import { toLaterPolicy } from '../../wire/policy-words.js'
import type { ApiContext } from '../api-context.js'
import { toSettingValue } from '../v0-0/to-setting-value.js'
import { ownSandbox } from './own-sandbox.js'

/** What holds for a sandbox, as its supervisor and its users read it. */
export function sandboxConfigHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  return {
    getSandboxConfig: ({ workspaceScope, name }, { principal }) => {
      const row = ownSandbox(context, { workspaceScope, name }, principal)
      const held = readSandboxConfig(store, row)
      const { policy: effective, settings, revision, environmentRevision } = held
      const admission = row.launch?.configuration?.admission
      return {
        ...(effective.policy && { policy: toLaterPolicy(effective.policy) }),
        version: effective.version,
        policyHash: effective.hash,
        policySource: effective.source === 'global' ? PolicySource.GLOBAL : PolicySource.SANDBOX,
        globalPolicyVersion: effective.globalVersion,
        settings: Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, toSetting(setting)])),
        configRevision: revision,
        providerEnvRevision: environmentRevision,
        providerAttachmentEpoch: row.launch?.attachmentEpoch ?? '',
        workspace: row.workspace,
        policyValidationFailureMode: 'fail_closed',
        configurationAdmitted: admission !== undefined && accepts(admission, held),
        configurationInstanceId: admission?.instanceId ?? '',
        configurationError: admission?.error ?? '',
        // Both scopes count, so that every change of what holds shows.
        settingsRevision: BigInt(readSettings(store, row.id).revision + readSettings(store, globalOwner).revision),
      }
    },
  }
}

function toSetting({ value, scope }: EffectiveSetting) {
  const scopes = { sandbox: SettingScope.SANDBOX, global: SettingScope.GLOBAL }
  return {
    ...(value !== undefined && { value: toSettingValue(value) }),
    scope: scope === undefined ? SettingScope.UNSPECIFIED : scopes[scope],
  }
}
