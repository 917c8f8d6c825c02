import { SandboxPolicySchema } from '@openshell-ts/protocol/v0-1'
import type { ConfigCalls, ConfigOwner } from '../config-calls.js'
import { CONFIG_SCOPES, wordOf } from '../enum-words.js'
import { writePlain } from '../plain/write-plain.js'
import { toMergeOperations } from '../policy-changes.js'
import { requiredPart } from '../required-part.js'
import { toEffectiveSettings, toSettingValues } from '../setting-entries.js'
import { toWireValue } from '../setting-value.js'
import { CHANGE_WORDING } from './change-wording.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toPolicyRevision } from './policy-revision.js'
import { workspaceScope } from './workspace-scope.js'

export function configCalls(client: OpenShellServiceClient): ConfigCalls {
  return {
    async setPolicy(owner, policy, { revision, annotations }, call) {
      const request = {
        ...toOwner(owner),
        policy: writePlain(SandboxPolicySchema, policy, { rpc: 'UpdateConfig', path: 'policy' }),
        expectedResourceVersion: revision,
        annotations: { ...annotations },
        requestId: call.requestId ?? '',
      }
      const { version, policyHash } = await client.updateConfig(request, toCallOptions(call))
      return { version, hash: policyHash }
    },
    async changePolicy(sandbox, changes, { revision, annotations }, call) {
      const request = {
        ...toOwner(sandbox),
        mergeOperations: toMergeOperations(changes, CHANGE_WORDING),
        expectedResourceVersion: revision,
        annotations: { ...annotations },
        requestId: call.requestId ?? '',
      }
      const { version, policyHash } = await client.updateConfig(request, toCallOptions(call))
      return { version, hash: policyHash }
    },
    async policyStatus(owner, version, call) {
      const request = { ...toOwner(owner), version }
      const { revision, activeVersion } = await client.getSandboxPolicyStatus(request, toCallOptions(call))
      return { revision: toPolicyRevision(requiredPart(revision, 'revision')), activeVersion }
    },
    async policyHistory(owner, page, call) {
      const request = { ...toOwner(owner), ...page }
      const { revisions, nextPageToken } = await client.listSandboxPolicies(request, toCallOptions(call))
      return { items: revisions.map(toPolicyRevision), nextPageToken }
    },
    async setSetting(owner, key, value, revision, call) {
      const request = {
        ...toOwner(owner),
        settingKey: key,
        settingValue: { value: toWireValue(value) },
        expectedResourceVersion: revision,
        requestId: call.requestId ?? '',
      }
      const { settingsRevision } = await client.updateConfig(request, toCallOptions(call))
      return String(settingsRevision)
    },
    async deleteSetting(owner, key, revision, call) {
      const request = {
        ...toOwner(owner),
        settingKey: key,
        deleteSetting: true,
        expectedResourceVersion: revision,
        requestId: call.requestId ?? '',
      }
      const { deleted } = await client.updateConfig(request, toCallOptions(call))
      return deleted
    },
    async gatewaySettings(call) {
      const { settings, settingsRevision } = await client.getGatewayConfig({}, toCallOptions(call))
      return { values: toSettingValues(settings), revision: String(settingsRevision) }
    },
    async sandboxConfig({ workspace, name }, call) {
      const request = { workspaceScope: workspaceScope(workspace), name }
      const reply = await client.getSandboxConfig(request, toCallOptions(call))
      return {
        settings: toEffectiveSettings(reply.settings),
        policySource: wordOf(CONFIG_SCOPES, reply.policySource),
        configRevision: String(reply.configRevision),
      }
    },
  }
}

function toOwner(owner: ConfigOwner) {
  return 'global' in owner
    ? { global: true }
    : { workspaceScope: workspaceScope(owner.workspace), sandbox: owner.sandboxName }
}
