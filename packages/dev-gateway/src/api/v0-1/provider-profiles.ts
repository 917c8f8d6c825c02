import { create } from '@bufbuild/protobuf'
import { type ProviderProfileImportItem, ProviderProfileImportItemSchema } from '@openshell-ts/protocol/v0-0'
import type {
  ProviderProfileImportItem as LaterImportItem,
  OpenShell,
  ProviderProfile,
  WorkspaceSelector,
} from '@openshell-ts/protocol/v0-1'
import { hasErrors, type ProfileDiagnostic } from '../../providers/lint-profiles.js'
import { type ProfileRecord, visibleProfiles } from '../../providers/profile-catalog.js'
import {
  checkProfiles,
  deleteProfile,
  getProfile,
  importProfiles,
  replaceProfile,
  shownProfile,
} from '../../providers/profiles.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { fromLaterProfile, toLaterProfile } from '../../wire/profile-words.js'
import type { ApiContext } from '../api-context.js'
import { deletionOutcome } from './deletion.js'
import { pageOf } from './page-of.js'
import { openScopeOf, scopeOf } from './workspace-scope.js'

/** What a client can do with profiles of providers. No selector means the platform here: no other request goes without one. */
export function providerProfileHandlers({ store }: ApiContext): MethodHandlers<typeof OpenShell> {
  const { workspaces } = store
  const scope = (selector: WorkspaceSelector | undefined) => (selector ? scopeOf(workspaces, selector) : '')
  const openScope = (selector: WorkspaceSelector | undefined) => (selector ? openScopeOf(workspaces, selector) : '')
  return {
    listProviderProfiles: (request) => {
      const { items, nextPageToken } = pageOf(visibleProfiles(store, scope(request.workspaceScope)), request, store)
      return { profiles: items.map(toProfile), nextPageToken }
    },
    getProviderProfile: ({ workspaceScope, id }) => ({
      profile: toProfile(getProfile(store, scope(workspaceScope), id)),
    }),
    lintProviderProfiles: ({ workspaceScope, profiles }) => {
      const diagnostics = checkProfiles(store, scope(workspaceScope), profiles.map(fromItem))
      return {
        diagnostics: diagnostics.map(toDiagnostic),
        valid: !hasErrors(diagnostics),
        supportsStablePlaceholder: true,
      }
    },
    importProviderProfiles: ({ workspaceScope, profiles }) => {
      const { diagnostics, stored } = importProfiles(store, openScope(workspaceScope), profiles.map(fromItem))
      return {
        diagnostics: diagnostics.map(toDiagnostic),
        profiles: stored.map(toProfile),
        imported: !hasErrors(diagnostics),
      }
    },
    updateProviderProfiles: ({ workspaceScope, id, profile, expectedResourceVersion }) => {
      const replacement = { id, item: profile && fromItem(profile), expectedResourceVersion }
      const { diagnostics, stored } = replaceProfile(store, openScope(workspaceScope), replacement)
      const [record] = stored
      return {
        diagnostics: diagnostics.map(toDiagnostic),
        ...(record && { profile: toProfile(record) }),
        updated: record !== undefined,
      }
    },
    deleteProviderProfile: ({ workspaceScope, id, allowMissing }) => {
      const deleted = deleteProfile(store, scope(workspaceScope), id)
      return { outcome: deletionOutcome(deleted, allowMissing, 'provider profile not found') }
    },
  }
}

function fromItem({ source, profile }: LaterImportItem): ProviderProfileImportItem {
  return create(ProviderProfileImportItemSchema, { source, ...(profile && { profile: fromLaterProfile(profile) }) })
}

function toProfile(record: ProfileRecord): ProviderProfile {
  return toLaterProfile(shownProfile(record))
}

// The same problems, in the words of this line's fields.
function toDiagnostic({ field, message, ...diagnostic }: ProfileDiagnostic): ProfileDiagnostic {
  const inWords = (text: string) => text.replace(/\b(refresh_before|max_lifetime)_seconds\b/g, '$1')
  return { ...diagnostic, field: inWords(field), message: inWords(message) }
}
