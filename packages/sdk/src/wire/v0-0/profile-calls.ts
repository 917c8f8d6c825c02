import { ProviderProfileSchema, type ProviderProfile as WireProfile } from '@openshell-ts/protocol/v0-0'
import type { ProviderProfile } from '../../model/provider-profile.js'
import type { ProfileCalls } from '../profile-calls.js'
import { toDiagnostics, toItems, toProfile } from '../profile-messages.js'
import { requiredPart } from '../required-part.js'
import { toOffset, toPage } from './offset-page.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'

// An empty workspace means the platform in these calls, and `default` in all others.
export function profileCalls(client: OpenShellServiceClient): ProfileCalls {
  return {
    async list(workspace = '', page, call) {
      const request = { workspace, ...toOffset(page) }
      const { profiles } = await client.listProviderProfiles(request, toCallOptions(call))
      return toPage(profiles, page, read)
    },
    async get(workspace = '', id, call) {
      const { profile } = await client.getProviderProfile({ workspace, id }, toCallOptions(call))
      return read(requiredPart(profile, 'profile'))
    },
    async import(workspace = '', items, call) {
      const request = { workspace, profiles: toItems(ProviderProfileSchema, 'ImportProviderProfiles', items) }
      const reply = await client.importProviderProfiles(request, toCallOptions(call))
      return {
        imported: reply.imported,
        diagnostics: toDiagnostics(reply.diagnostics),
        profiles: reply.profiles.map(read),
      }
    },
    async update(workspace = '', id, item, revision, call) {
      const [profile] = toItems(ProviderProfileSchema, 'UpdateProviderProfiles', [item])
      const request = { workspace, id, expectedResourceVersion: revision, ...(profile ? { profile } : {}) }
      const reply = await client.updateProviderProfiles(request, toCallOptions(call))
      return {
        updated: reply.updated,
        diagnostics: toDiagnostics(reply.diagnostics),
        ...(reply.profile ? { profile: read(reply.profile) } : {}),
      }
    },
    async lint(workspace = '', items, call) {
      const request = { workspace, profiles: toItems(ProviderProfileSchema, 'LintProviderProfiles', items) }
      const { valid, diagnostics } = await client.lintProviderProfiles(request, toCallOptions(call))
      return { valid, diagnostics: toDiagnostics(diagnostics) }
    },
    async delete(workspace = '', id, call) {
      const { deleted } = await client.deleteProviderProfile({ workspace, id }, toCallOptions(call))
      return { outcome: deleted ? 'completed' : 'absent' }
    },
  }
}

function read(profile: WireProfile): ProviderProfile {
  return toProfile(ProviderProfileSchema, profile)
}
