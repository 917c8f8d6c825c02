import { type OpenShell, PolicySource, SettingScope } from '@openshell-ts/protocol/v0-0'
import { readSandboxConfig } from '../../policies/sandbox-config.js'
import { credentialBindings, dynamicCredentials } from '../../providers/credential-bindings.js'
import { providerEnvironment, requireProviders } from '../../providers/provider-environment.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { EffectiveSetting } from '../../settings/settings.js'
import type { ApiContext } from '../api-context.js'
import { requireSandbox } from '../require-sandbox.js'
import { toBigInts } from './to-provider.js'
import { toSettingValue } from './to-setting-value.js'

/** What holds for a sandbox, as its supervisor and its users read it. */
export function sandboxConfigHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  return {
    getSandboxConfig: ({ sandboxId }, { principal }) => {
      const row = requireSandbox(context, sandboxId, principal)
      const { policy: effective, settings, revision, environmentRevision } = readSandboxConfig(store, row)
      return {
        ...(effective.policy && { policy: effective.policy }),
        version: effective.version,
        policyHash: effective.hash,
        policySource: effective.source === 'global' ? PolicySource.GLOBAL : PolicySource.SANDBOX,
        globalPolicyVersion: effective.globalVersion,
        settings: Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, toSetting(setting)])),
        configRevision: revision,
        providerEnvRevision: environmentRevision,
        workspace: row.workspace,
        policyValidationFailureMode: 'fail_closed',
      }
    },
    getSandboxProviderEnvironment: (request, { principal }) => {
      const row = requireSandbox(context, request.sandboxId, principal)
      const providers = requireProviders(store, row.workspace, row.spec.providers)
      const { environment, expiresAtMs, revision } = providerEnvironment(store, providers)
      return {
        environment,
        credentialExpiresAtMs: toBigInts(expiresAtMs),
        providerEnvRevision: revision,
        dynamicCredentials: dynamicCredentials(store, providers),
        ...(request.supportsStaticCredentialBindings && {
          staticCredentialBindings: credentialBindings(store, providers),
        }),
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
