import { ProviderProfileSchema, type ProviderProfile as WireProfile } from '@openshell-ts/protocol/v0-1'
import type { ProviderProfile } from '../../model/provider-profile.js'
import type { ProfileCalls } from '../profile-calls.js'
import { toDiagnostics, toItems, toProfile } from '../profile-messages.js'
import { requiredPart } from '../required-part.js'
import { toDeletionOutcome } from './deletion-outcome.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { workspaceScope } from './workspace-scope.js'

// These are the only calls of the line that go without a scope: that means the platform.
export function profileCalls(client: OpenShellServiceClient): ProfileCalls {
  return {
    async list(workspace, page, call) {
      const request = { ...toScope(workspace), ...page }
      const { profiles, nextPageToken } = await client.listProviderProfiles(request, toCallOptions(call))
      return { items: profiles.map(read), nextPageToken }
    },
    async get(workspace, id, call) {
      const { profile } = await client.getProviderProfile({ ...toScope(workspace), id }, toCallOptions(call))
      return read(requiredPart(profile, 'profile'))
    },
    async import(workspace, items, call) {
      const request = {
        ...toScope(workspace),
        profiles: toItems(ProviderProfileSchema, 'ImportProviderProfiles', items),
        requestId: call.requestId ?? '',
      }
      const reply = await client.importProviderProfiles(request, toCallOptions(call))
      return {
        imported: reply.imported,
        diagnostics: toDiagnostics(reply.diagnostics),
        profiles: reply.profiles.map(read),
      }
    },
    async update(workspace, id, item, revision, call) {
      const [profile] = toItems(ProviderProfileSchema, 'UpdateProviderProfiles', [item])
      const request = {
        ...toScope(workspace),
        id,
        expectedResourceVersion: revision,
        ...(profile ? { profile } : {}),
        requestId: call.requestId ?? '',
      }
      const reply = await client.updateProviderProfiles(request, toCallOptions(call))
      return {
        updated: reply.updated,
        diagnostics: toDiagnostics(reply.diagnostics),
        ...(reply.profile ? { profile: read(reply.profile) } : {}),
      }
    },
    async lint(workspace, items, call) {
      const request = {
        ...toScope(workspace),
        profiles: toItems(ProviderProfileSchema, 'LintProviderProfiles', items),
      }
      const { valid, diagnostics } = await client.lintProviderProfiles(request, toCallOptions(call))
      return { valid, diagnostics: toDiagnostics(diagnostics) }
    },
    async delete(workspace, id, call) {
      const request = { ...toScope(workspace), id, allowMissing: true, requestId: call.requestId ?? '' }
      const { outcome } = await client.deleteProviderProfile(request, toCallOptions(call))
      return { outcome: toDeletionOutcome(outcome) }
    },
  }
}

function toScope(workspace: string | undefined) {
  return workspace === undefined ? {} : { workspaceScope: workspaceScope(workspace) }
}

function read(profile: WireProfile): ProviderProfile {
  return toProfile(ProviderProfileSchema, profile)
}
