import type { PolicyChange } from '../model/policy-change.js'
import type { PolicyRevision, PolicyStatusInfo, PolicyUpdateResult } from '../model/policy-revision.js'
import type { SandboxPolicy } from '../model/sandbox-policy.js'
import type { GatewaySettings, SandboxConfigInfo, SettingValue } from '../model/setting.js'
import type { PageReply, PageRequest } from './page.js'
import type { SandboxName } from './provider-calls.js'
import type { SandboxAddress } from './sandbox-address.js'
import type { WireCall } from './wire-call.js'

/** Whose configuration it is: a sandbox's, or the gateway's own, which holds for every sandbox. */
export type ConfigOwner = SandboxName | { readonly global: true }

/** What a change of a configuration is held to. A revision of 0 is not checked. */
export interface ConfigUpdateLimits {
  readonly revision: bigint
  readonly annotations: Readonly<Record<string, string>>
}

/** What a client says about policies and settings. */
export interface ConfigCalls {
  setPolicy(
    owner: ConfigOwner,
    policy: SandboxPolicy,
    limits: ConfigUpdateLimits,
    call: WireCall,
  ): Promise<PolicyUpdateResult>
  changePolicy(
    sandbox: SandboxName,
    changes: readonly PolicyChange[],
    limits: ConfigUpdateLimits,
    call: WireCall,
  ): Promise<PolicyUpdateResult>
  /** A version of 0 means the latest. */
  policyStatus(owner: ConfigOwner, version: number, call: WireCall): Promise<PolicyStatusInfo>
  policyHistory(owner: ConfigOwner, page: PageRequest, call: WireCall): Promise<PageReply<PolicyRevision>>
  setSetting(owner: ConfigOwner, key: string, value: SettingValue, revision: bigint, call: WireCall): Promise<string>
  /** True when there was one. */
  deleteSetting(owner: ConfigOwner, key: string, revision: bigint, call: WireCall): Promise<boolean>
  gatewaySettings(call: WireCall): Promise<GatewaySettings>
  sandboxConfig(address: SandboxAddress, call: WireCall): Promise<SandboxConfigInfo>
}
