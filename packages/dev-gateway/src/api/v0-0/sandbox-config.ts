import { createHash } from 'node:crypto'
import { type OpenShell, PolicySource, SettingScope } from '@openshell-ts/protocol/v0-0'
import { requireOwnSandbox } from '../../auth/authenticator.js'
import type { Principal } from '../../auth/principal.js'
import { type EffectivePolicy, effectivePolicy } from '../../policies/effective-policy.js'
import { credentialBindings, dynamicCredentials } from '../../providers/credential-bindings.js'
import { environmentRevision, providerEnvironment, requireProviders } from '../../providers/provider-environment.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { invalidArgument, notFound } from '../../server/status-error.js'
import { type EffectiveSetting, effectiveSettings } from '../../settings/settings.js'
import type { SandboxRow } from '../../store/sandbox-row.js'
import type { ApiContext } from '../api-context.js'
import { toBigInts } from './to-provider.js'
import { toSettingValue } from './to-setting-value.js'

/** What holds for a sandbox, as its supervisor and its users read it. */
export function sandboxConfigHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  return {
    getSandboxConfig: ({ sandboxId }, { principal }) => {
      const row = requireSandbox(context, sandboxId, principal)
      const effective = effectivePolicy(store, row)
      const settings = effectiveSettings(store, row.id)
      return {
        ...(effective.policy && { policy: effective.policy }),
        version: effective.version,
        policyHash: effective.hash,
        policySource: effective.source === 'global' ? PolicySource.GLOBAL : PolicySource.SANDBOX,
        globalPolicyVersion: effective.globalVersion,
        settings: Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, toSetting(setting)])),
        configRevision: configRevision(effective, settings),
        providerEnvRevision: environmentRevision(store, requireProviders(store, row.workspace, row.spec.providers)),
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

/** The sandbox that a call is about, after the check that the caller may speak for it. */
export function requireSandbox({ store }: ApiContext, sandboxId: string, principal: Principal): SandboxRow {
  if (sandboxId === '') throw invalidArgument('sandbox_id is required')
  requireOwnSandbox(principal, sandboxId)
  const row = store.sandboxes.get(sandboxId)
  if (!row) throw notFound('sandbox not found')
  return row
}

function toSetting({ value, scope }: EffectiveSetting) {
  const scopes = { sandbox: SettingScope.SANDBOX, global: SettingScope.GLOBAL }
  return {
    ...(value !== undefined && { value: toSettingValue(value) }),
    scope: scope === undefined ? SettingScope.UNSPECIFIED : scopes[scope],
  }
}

// The same number for the same configuration, over restarts too: supervisors act on a change of it.
function configRevision(
  { source, hash }: EffectivePolicy,
  settings: Readonly<Record<string, EffectiveSetting>>,
): bigint {
  return createHash('sha256')
    .update(JSON.stringify([source, hash, settings]))
    .digest()
    .readBigUInt64LE(0)
}
