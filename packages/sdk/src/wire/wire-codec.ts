import type { ConfigCalls } from './config-calls.js'
import type { DraftCalls } from './draft-calls.js'
import type { ExecCalls } from './exec-calls.js'
import type { ForwardCalls } from './forward-calls.js'
import type { GatewayCalls } from './gateway-calls.js'
import type { InferenceCalls } from './inference-calls.js'
import type { LogCalls } from './log-calls.js'
import type { ProfileCalls } from './profile-calls.js'
import type { ProviderCalls } from './provider-calls.js'
import type { RefreshCalls } from './refresh-calls.js'
import type { SandboxCalls } from './sandbox-calls.js'
import type { ServiceCalls } from './service-calls.js'
import type { SshCalls } from './ssh-calls.js'
import type { StatusDetails } from './status-details.js'
import type { TemplateCalls } from './template-calls.js'
import type { WatchCalls } from './watch-calls.js'
import type { WireLine } from './wire-line.js'
import type { WorkspaceCalls } from './workspace-calls.js'

/**
 * Everything that a client says to a gateway, in the words of this package, one group of calls a noun. Each wire line
 * implements every group once, in a file of the same name; nothing outside `wire/` sees a generated message.
 */
export interface WireCodec {
  readonly line: WireLine
  /** True when a change that is sent again with the same `requestId` happens once. */
  readonly keepsRequestIds: boolean
  readonly gateway: GatewayCalls
  readonly sandboxes: SandboxCalls
  readonly exec: ExecCalls
  readonly ssh: SshCalls
  readonly forwards: ForwardCalls
  readonly watch: WatchCalls
  readonly logs: LogCalls
  readonly workspaces: WorkspaceCalls
  readonly templates: TemplateCalls
  readonly services: ServiceCalls
  readonly providers: ProviderCalls
  readonly refresh: RefreshCalls
  readonly profiles: ProfileCalls
  readonly config: ConfigCalls
  readonly drafts: DraftCalls
  readonly inference: InferenceCalls
  /** Decodes `grpc-status-details-bin`; empty details when it disagrees with the status of the call, or does not decode. */
  decodeDetails(header: string, code: number, message: string): StatusDetails
}
