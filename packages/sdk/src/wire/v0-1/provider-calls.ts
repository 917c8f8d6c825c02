import { type Timestamp, timestampFromDate } from '@bufbuild/protobuf/wkt'
import type { Provider } from '@openshell-ts/protocol/v0-1'
import type { ProviderInfo } from '../../model/provider-info.js'
import type { AttachmentAddress, ProviderCalls } from '../provider-calls.js'
import { withRemovals } from '../provider-changes.js'
import { requireSandbox } from '../reply-sandbox.js'
import { requiredPart } from '../required-part.js'
import { toDeletionOutcome } from './deletion-outcome.js'
import { listScope } from './list-scope.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toReadiness, toReceipt } from './provider-receipt.js'
import { toRecordInfo } from './record-info.js'
import { toSandboxInfo } from './sandbox-info.js'
import { toDate } from './to-date.js'
import { workspaceScope } from './workspace-scope.js'

export function providerCalls(client: OpenShellServiceClient): ProviderCalls {
  return {
    async create({ workspace, name }, spec, call) {
      const { type, credentials = {}, config = {}, credentialExpiresAt, labels = {}, annotations = {} } = spec
      const request = {
        workspaceScope: workspaceScope(workspace),
        provider: {
          metadata: { name, labels: { ...labels }, annotations: { ...annotations } },
          type,
          credentials: { ...credentials },
          config: { ...config },
          credentialExpirationTimes: toTimes(credentialExpiresAt),
          profileWorkspace: spec.profileScope === 'workspace' ? workspace : '',
        },
        requestId: call.requestId ?? '',
      }
      const { provider } = await client.createProvider(request, toCallOptions(call))
      return toProviderInfo(requiredPart(provider, 'provider'))
    },
    async update({ workspace, name }, changes, revision, call) {
      const { credentials, removeCredentials, config, removeConfig, credentialExpiresAt, removeExpirations } = changes
      const request = {
        workspaceScope: workspaceScope(workspace),
        provider: {
          metadata: { name, resourceVersion: revision },
          credentials: withRemovals(credentials, removeCredentials),
          config: withRemovals(config, removeConfig),
        },
        credentialExpirationTimes: toTimes(credentialExpiresAt),
        clearCredentialExpirationKeys: [...(removeExpirations ?? [])],
        requestId: call.requestId ?? '',
      }
      const { provider, targetReceipts } = await client.updateProvider(request, toCallOptions(call))
      return {
        provider: toProviderInfo(requiredPart(provider, 'provider')),
        receipts: targetReceipts.map(toReceipt),
      }
    },
    async get({ workspace, name }, call) {
      const request = { workspaceScope: workspaceScope(workspace), name }
      const { provider } = await client.getProvider(request, toCallOptions(call))
      return toProviderInfo(requiredPart(provider, 'provider'))
    },
    async list({ scope, ...request }, call) {
      const wireRequest = { workspaceScope: listScope(scope), ...request }
      const { providers, nextPageToken } = await client.listProviders(wireRequest, toCallOptions(call))
      return { items: providers.map(toProviderInfo), nextPageToken }
    },
    async delete({ workspace, name }, call) {
      const request = {
        workspaceScope: workspaceScope(workspace),
        name,
        allowMissing: true,
        requestId: call.requestId ?? '',
      }
      const { outcome } = await client.deleteProvider(request, toCallOptions(call))
      return { outcome: toDeletionOutcome(outcome) }
    },
    async attach(address, revision, call) {
      const request = { ...toAttachment(address), expectedResourceVersion: revision, requestId: call.requestId ?? '' }
      const { sandbox, attached, receipt } = await client.attachSandboxProvider(request, toCallOptions(call))
      return {
        sandbox: toSandboxInfo(requireSandbox(sandbox)),
        changed: attached,
        ...(receipt ? { receipt: toReceipt(receipt) } : {}),
      }
    },
    async detach(address, revision, call) {
      const request = { ...toAttachment(address), expectedResourceVersion: revision, requestId: call.requestId ?? '' }
      const { sandbox, detached, receipt } = await client.detachSandboxProvider(request, toCallOptions(call))
      return {
        sandbox: toSandboxInfo(requireSandbox(sandbox)),
        changed: detached,
        ...(receipt ? { receipt: toReceipt(receipt) } : {}),
      }
    },
    async listAttached({ workspace, sandboxName }, page, call) {
      const request = { workspaceScope: workspaceScope(workspace), sandbox: sandboxName, ...page }
      const { providers, nextPageToken } = await client.listSandboxProviders(request, toCallOptions(call))
      return { items: providers.map(toProviderInfo), nextPageToken }
    },
    async readiness(address, receiptId, call) {
      const request = { ...toAttachment(address), receiptId }
      const { status } = await client.getSandboxProviderStatus(request, toCallOptions(call))
      return toReadiness(requiredPart(status, 'status'))
    },
  }
}

function toAttachment({ workspace, sandboxName, providerName }: AttachmentAddress) {
  return { workspaceScope: workspaceScope(workspace), sandbox: sandboxName, provider: providerName }
}

function toTimes(times: Readonly<Record<string, Date>> = {}): Record<string, Timestamp> {
  return Object.fromEntries(Object.entries(times).map(([name, time]) => [name, timestampFromDate(time)]))
}

function toProviderInfo(provider: Provider): ProviderInfo {
  const { metadata, type, credentials, credentialHandles, config, credentialExpirationTimes, profileWorkspace } =
    provider
  return {
    ...toRecordInfo(metadata),
    type,
    credentialNames: [...new Set([...Object.keys(credentials), ...Object.keys(credentialHandles)])].sort(),
    config: { ...config },
    credentialExpiresAt: Object.fromEntries(
      Object.entries(credentialExpirationTimes).flatMap(([name, time]) => {
        const date = toDate(time)
        return date ? [[name, date] as const] : []
      }),
    ),
    profileScope: profileWorkspace === '' ? 'platform' : 'workspace',
  }
}
