import type { DeleteResult } from '../model/delete-result.js'
import type {
  ProfileImportItem,
  ProfileImportResult,
  ProfileLintResult,
  ProfileUpdateResult,
  ProviderProfile,
} from '../model/provider-profile.js'
import type { PageReply, PageRequest } from './page.js'
import type { WireCall } from './wire-call.js'

/** What a client says about profiles of providers. An absent workspace means the platform's own profiles. */
export interface ProfileCalls {
  list(workspace: string | undefined, page: PageRequest, call: WireCall): Promise<PageReply<ProviderProfile>>
  get(workspace: string | undefined, id: string, call: WireCall): Promise<ProviderProfile>
  import(
    workspace: string | undefined,
    items: readonly ProfileImportItem[],
    call: WireCall,
  ): Promise<ProfileImportResult>
  update(
    workspace: string | undefined,
    id: string,
    item: ProfileImportItem,
    revision: bigint,
    call: WireCall,
  ): Promise<ProfileUpdateResult>
  lint(workspace: string | undefined, items: readonly ProfileImportItem[], call: WireCall): Promise<ProfileLintResult>
  delete(workspace: string | undefined, id: string, call: WireCall): Promise<DeleteResult>
}
