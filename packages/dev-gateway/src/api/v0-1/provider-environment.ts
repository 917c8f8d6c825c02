import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  type GetSandboxProviderEnvironmentResponseSchema,
  type OpenShell,
  ProviderReadinessReason,
} from '@openshell-ts/protocol/v0-1'
import { findSandboxConfig } from '../../policies/sandbox-config.js'
import { credentialBindings, dynamicCredentials } from '../../providers/credential-bindings.js'
import { hasEndedCredential, providerEnvironment, requireProviders } from '../../providers/provider-environment.js'
import { providerFiles, stablePlaceholders } from '../../providers/provider-files.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { toLaterCredential } from '../../wire/profile-words.js'
import type { ApiContext } from '../api-context.js'
import { requireSandbox } from '../require-sandbox.js'
import { toTimestamps } from './to-provider.js'

/** What attached providers bring into a sandbox, for its supervisor. */
export function providerEnvironmentHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  return {
    getSandboxProviderEnvironment: (request, { principal }) => {
      const row = requireSandbox(context, request.sandboxId, principal)
      const providers = requireProviders(store, row.workspace, row.spec.providers)
      const { environment, expiresAtMs, revision } = providerEnvironment(store, providers)
      const { files, environment: paths } = providerFiles(store, providers)
      const answer: MessageInitShape<typeof GetSandboxProviderEnvironmentResponseSchema> = {
        // A credential wins over the path of a file of the same name.
        environment: { ...paths, ...environment },
        nonSecretEnvironmentKeys: Object.keys(paths).filter((key) => !Object.hasOwn(environment, key)),
        files,
        providerEnvRevision: revision,
        credentialExpirationTimes: toTimestamps(expiresAtMs),
        dynamicCredentials: mapValues(dynamicCredentials(store, providers), toLaterCredential),
        providerAttachmentEpoch: row.launch?.attachmentEpoch ?? '',
        policyHash: findSandboxConfig(store, row)?.policy.hash ?? '',
        readinessReason: providers.some((provider) => hasEndedCredential(store, provider))
          ? ProviderReadinessReason.CREDENTIAL_EXPIRED
          : ProviderReadinessReason.UNSPECIFIED,
        supportsStablePlaceholderEnvironmentKeys: true,
      }
      if (request.supportsStaticCredentialBindings)
        answer.staticCredentialBindings = credentialBindings(store, providers)
      if (request.supportsStablePlaceholderEnvironmentKeys) {
        const stable = stablePlaceholders(store, providers)
        answer.stablePlaceholderEnvironmentKeys = Object.keys(environment).filter((key) => stable.has(key))
      }
      return answer
    },
  }
}

function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>>,
  convert: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value)]))
}
