import type { OpenShell } from '@openshell-ts/protocol/v0-0'
import { notFound } from '../../errors/status-error.js'
import { hasErrors } from '../../providers/lint-profiles.js'
import { visibleProfiles } from '../../providers/profile-catalog.js'
import {
  checkProfiles,
  deleteProfile,
  getProfile,
  importProfiles,
  replaceProfile,
  shownProfile,
} from '../../providers/profiles.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { resolveOpenWorkspace, resolveWorkspace } from '../../workspaces/workspace-scope.js'
import type { ApiContext } from '../api-context.js'
import { pageOf } from './page-of.js'

/** What a client can do with profiles of providers. No workspace means the platform here, not `default`. */
export function providerProfileHandlers({ store }: ApiContext): MethodHandlers<typeof OpenShell> {
  const scopeOf = (workspace: string) => (workspace === '' ? '' : resolveWorkspace(store.workspaces, workspace))
  const openScopeOf = (workspace: string) => (workspace === '' ? '' : resolveOpenWorkspace(store.workspaces, workspace))
  return {
    listProviderProfiles: (request) => {
      const profiles = visibleProfiles(store, scopeOf(request.workspace))
      return { profiles: pageOf(profiles, request).map(shownProfile) }
    },
    getProviderProfile: ({ workspace, id }) => ({
      profile: shownProfile(getProfile(store, scopeOf(workspace), id)),
    }),
    lintProviderProfiles: ({ workspace, profiles }) => {
      const diagnostics = checkProfiles(store, scopeOf(workspace), profiles)
      return { diagnostics, valid: !hasErrors(diagnostics) }
    },
    importProviderProfiles: ({ workspace, profiles }) => {
      const { diagnostics, stored } = importProfiles(store, openScopeOf(workspace), profiles)
      return { diagnostics: [...diagnostics], profiles: stored.map(shownProfile), imported: !hasErrors(diagnostics) }
    },
    updateProviderProfiles: ({ workspace, id, profile, expectedResourceVersion }) => {
      const replacement = { id, item: profile, expectedResourceVersion }
      const { diagnostics, stored } = replaceProfile(store, openScopeOf(workspace), replacement)
      const [record] = stored
      return {
        diagnostics: [...diagnostics],
        ...(record && { profile: shownProfile(record) }),
        updated: record !== undefined,
      }
    },
    deleteProviderProfile: ({ workspace, id }) => {
      if (!deleteProfile(store, scopeOf(workspace), id)) throw notFound('provider profile not found')
      return { deleted: true }
    },
  }
}
