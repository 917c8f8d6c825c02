import type { Provider } from '@openshell-ts/protocol/v0-0'
import type { ProviderInfo } from '../../model/provider-info.js'
import type { AttachmentAddress, ProviderCalls } from '../provider-calls.js'
import { withRemovals } from '../provider-changes.js'
import { requireSandbox } from '../reply-sandbox.js'
import { requiredPart } from '../required-part.js'
import { needsLine01 } from '../unsupported.js'
import { toOffset, toPage } from './offset-page.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toDate, toRecordInfo } from './record-info.js'
import { toSandboxInfo } from './sandbox-info.js'

export function providerCalls(client: OpenShellServiceClient): ProviderCalls {
  return {
    async create({ workspace, name }, spec, call) {
      const { type, credentials = {}, config = {}, credentialExpiresAt, labels = {}, annotations = {} } = spec
      const provider = {
        metadata: { name, labels: { ...labels }, annotations: { ...annotations } },
        type,
        credentials: { ...credentials },
        config: { ...config },
        credentialExpiresAtMs: toTimes(credentialExpiresAt),
        profileWorkspace: spec.profileScope === 'workspace' ? workspace : '',
      }
      const reply = await client.createProvider({ workspace, provider }, toCallOptions(call))
      return toProviderInfo(requiredPart(reply.provider, 'provider'))
    },
    async update({ workspace, name }, changes, revision, call) {
      const { credentials, removeCredentials, config, removeConfig, credentialExpiresAt, removeExpirations } = changes
      const request = {
        workspace,
        provider: {
          metadata: { name, resourceVersion: revision },
          credentials: withRemovals(credentials, removeCredentials),
          config: withRemovals(config, removeConfig),
        },
        credentialExpiresAtMs: toTimes(credentialExpiresAt, removeExpirations),
      }
      const { provider } = await client.updateProvider(request, toCallOptions(call))
      return { provider: toProviderInfo(requiredPart(provider, 'provider')), receipts: [] }
    },
    async get(address, call) {
      const { provider } = await client.getProvider(address, toCallOptions(call))
      return toProviderInfo(requiredPart(provider, 'provider'))
    },
    async list({ scope, labelSelector, ...page }, call) {
      if (labelSelector !== '') needsLine01('Selecting providers by label')
      const { providers } = await client.listProviders({ ...scope, ...toOffset(page) }, toCallOptions(call))
      return toPage(providers, page, toProviderInfo)
    },
    async delete(address, call) {
      const { deleted } = await client.deleteProvider(address, toCallOptions(call))
      return { outcome: deleted ? 'completed' : 'absent' }
    },
    async attach(address, revision, call) {
      const request = { ...address, expectedResourceVersion: revision }
      const { sandbox, attached } = await client.attachSandboxProvider(request, toCallOptions(call))
      return { sandbox: toSandboxInfo(requireSandbox(sandbox)), changed: attached }
    },
    async detach(address, revision, call) {
      const request = { ...address, expectedResourceVersion: revision }
      const { sandbox, detached } = await client.detachSandboxProvider(request, toCallOptions(call))
      return { sandbox: toSandboxInfo(requireSandbox(sandbox)), changed: detached }
    },
    // One page holds them all: a sandbox has at most 32.
    async listAttached(sandbox, _page, call) {
      const { providers } = await client.listSandboxProviders(sandbox, toCallOptions(call))
      return { items: providers.map(toProviderInfo), nextPageToken: '' }
    },
    readiness: async (_address: AttachmentAddress) => needsLine01('Following a change of a provider into a sandbox'),
  }
}

// A time of 0 removes the end of a credential.
function toTimes(times: Readonly<Record<string, Date>> = {}, removed: readonly string[] = []): Record<string, bigint> {
  return Object.fromEntries([
    ...Object.entries(times).map(([name, time]) => [name, BigInt(time.getTime())] as const),
    ...removed.map((name) => [name, 0n] as const),
  ])
}

function toProviderInfo(provider: Provider): ProviderInfo {
  const { metadata, type, credentials, credentialHandles, config, credentialExpiresAtMs, profileWorkspace } = provider
  return {
    ...toRecordInfo(metadata),
    type,
    credentialNames: [...new Set([...Object.keys(credentials), ...Object.keys(credentialHandles)])].sort(),
    config: { ...config },
    credentialExpiresAt: Object.fromEntries(
      Object.entries(credentialExpiresAtMs).flatMap(([name, time]) => {
        const date = toDate(time)
        return date ? [[name, date] as const] : []
      }),
    ),
    profileScope: profileWorkspace === '' ? 'platform' : 'workspace',
  }
}
