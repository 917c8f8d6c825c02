import type { DescMessage, Message, MessageShape } from '@bufbuild/protobuf'
import type { ProfileDiagnostic, ProfileImportItem, ProviderProfile } from '../model/provider-profile.js'
import { readPlain } from './plain/read-plain.js'
import { writePlain } from './plain/write-plain.js'

/** Reads a profile, by its description on a line. */
export function toProfile(description: DescMessage, message: Message): ProviderProfile {
  return { id: '', ...readPlain(description, message) }
}

/** Writes profiles to import, by their description on a line. */
export function toItems<Profile extends DescMessage>(
  description: Profile,
  rpc: string,
  items: readonly ProfileImportItem[],
): { profile: MessageShape<Profile>; source: string }[] {
  return items.map(({ profile, source = '' }, index) => ({
    profile: writePlain(description, profile, { rpc, path: `profiles[${index}]` }),
    source,
  }))
}

/** Reads findings; both lines write them alike. */
export function toDiagnostics(diagnostics: readonly ProfileDiagnostic[]): ProfileDiagnostic[] {
  return diagnostics.map(({ source, profileId, field, message, severity }) => ({
    source,
    profileId,
    field,
    message,
    severity,
  }))
}
