import type { DeleteResult } from '../model/delete-result.js'
import type {
  ProviderChanges,
  ProviderInfo,
  ProviderReadiness,
  ProviderReceipt,
  ProviderSpec,
  ProviderUpdateResult,
} from '../model/provider-info.js'
import type { SandboxInfo } from '../model/sandbox-info.js'
import type { ListScope } from './list-scope.js'
import type { PageReply, PageRequest } from './page.js'
import type { WireCall } from './wire-call.js'

/** A provider by its names. */
export interface ProviderAddress {
  readonly workspace: string
  readonly name: string
}

/** A sandbox by its names, for calls that take no id on either line. */
export interface SandboxName {
  readonly workspace: string
  readonly sandboxName: string
}

/** A provider of a sandbox. */
export interface AttachmentAddress extends SandboxName {
  readonly providerName: string
}

/** What became of an attach or a detach. */
export interface AttachmentReply {
  readonly sandbox: SandboxInfo
  readonly changed: boolean
  readonly receipt?: ProviderReceipt
}

/** Which providers to list. */
export interface ProviderListRequest extends PageRequest {
  readonly scope: ListScope
  /** Empty for all; line 0.0 takes none. */
  readonly labelSelector: string
}

/** What a client says about providers. A revision of 0 is not checked. */
export interface ProviderCalls {
  create(address: ProviderAddress, spec: ProviderSpec, call: WireCall): Promise<ProviderInfo>
  update(
    address: ProviderAddress,
    changes: ProviderChanges,
    revision: bigint,
    call: WireCall,
  ): Promise<ProviderUpdateResult>
  get(address: ProviderAddress, call: WireCall): Promise<ProviderInfo>
  list(request: ProviderListRequest, call: WireCall): Promise<PageReply<ProviderInfo>>
  delete(address: ProviderAddress, call: WireCall): Promise<DeleteResult>
  attach(address: AttachmentAddress, revision: bigint, call: WireCall): Promise<AttachmentReply>
  detach(address: AttachmentAddress, revision: bigint, call: WireCall): Promise<AttachmentReply>
  listAttached(sandbox: SandboxName, page: PageRequest, call: WireCall): Promise<PageReply<ProviderInfo>>
  readiness(address: AttachmentAddress, receiptId: string, call: WireCall): Promise<ProviderReadiness>
}
