import { type OpenShell, PolicySource, SettingScope } from '@openshell-ts/protocol/v0-1'
import { toLaterPolicy } from '../../policies/policy-words.js'
import { readSandboxConfig } from '../../policies/sandbox-config.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { EffectiveSetting } from '../../settings/settings.js'
import type { ApiContext } from '../api-context.js'
import { toSettingValue } from '../v0-0/to-setting-value.js'
import { ownSandbox } from './own-sandbox.js'

/** What holds for a sandbox, as its supervisor and its users read it. */
export function sandboxConfigHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    getSandboxConfig: ({ workspaceScope, name }, { principal }) => {
      const row = ownSandbox(context, { workspaceScope, name }, principal)
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

function toSetting({ value, scope }: EffectiveSetting) {
  const scopes = { sandbox: SettingScope.SANDBOX, global: SettingScope.GLOBAL }
  return {
    ...(value !== undefined && { value: toSettingValue(value) }),
    scope: scope === undefined ? SettingScope.UNSPECIFIED : scopes[scope],
  }
}
