import type { DeleteResult } from '../model/delete-result.js'
import type { RefreshConfiguration, RefreshStatus } from '../model/refresh-status.js'
import type { WireCall } from './wire-call.js'

/** A credential of a provider. */
export interface CredentialAddress {
  readonly workspace: string
  readonly provider: string
  readonly credentialName: string
}

/** What a client says about the renewal of credentials. */
export interface RefreshCalls {
  /** An empty credential name means all of the provider. */
  status(address: CredentialAddress, call: WireCall): Promise<readonly RefreshStatus[]>
  configure(address: CredentialAddress, configuration: RefreshConfiguration, call: WireCall): Promise<RefreshStatus>
  rotate(address: CredentialAddress, call: WireCall): Promise<RefreshStatus>
  delete(address: CredentialAddress, call: WireCall): Promise<DeleteResult>
}
