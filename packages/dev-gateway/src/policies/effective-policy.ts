import type { SandboxPolicy } from '@openshell-ts/protocol/v0-0'
import { failedPrecondition, StatusError } from '../errors/status-error.js'
import { requireProviders } from '../providers/provider-environment.js'
import type { PolicyRevisionRecord } from '../records/policy-revision.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import { providersV2Enabled } from '../settings/registered-settings.js'
import { globalOwner, readSettings } from '../settings/settings.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { checkPolicySafety } from './check-policy.js'
import { policyHash } from './policy-hash.js'
import { withProviderRules } from './provider-rules.js'
import { addRevision, globalPolicyOwner, latestRevision } from './revisions.js'

/** The policy that holds for a sandbox. */
export interface EffectivePolicy {
  /** Absent when nobody has set one yet. */
  readonly policy: SandboxPolicy | undefined
  /** Of the sandbox's own policy; 0 without one, and 1 when only the gateway has one. */
  readonly version: number
  /** Opaque; equal for equal policies, empty without one. */
  readonly hash: string
  readonly source: 'sandbox' | 'global'
  /** Of the gateway's own policy; 0 when that does not hold. */
  readonly globalVersion: number
}

/** The policy that holds for a sandbox: the gateway's own, or the sandbox's with the rules of its providers. */
export function effectivePolicy(store: GatewayStore, row: SandboxRow): EffectivePolicy {
  const own = ownRevision(store, row)
  const version = own?.value.version ?? 0
  const global = globalRevision(store)
  if (global) {
    const { policy, hash, version: globalVersion } = global.value
    return { policy, hash, version: version || 1, source: 'global', globalVersion }
  }
  if (!own) return { policy: undefined, version, hash: '', source: 'sandbox', globalVersion: 0 }
  const policy = composed(store, row, own.value.policy)
  return { policy, version, hash: policyHash(policy), source: 'sandbox', globalVersion: 0 }
}

/** The newest revision of a sandbox's own policy. The one it was created with becomes revision 1 when it is first asked for. */
export function ownRevision(store: GatewayStore, row: SandboxRow): PolicyRevisionRecord | undefined {
  const latest = latestRevision(store, row.id)
  if (latest || !row.spec.policy) return latest
  return addRevision(store, row.id, row.spec.policy, { status: 'loaded' })
}

/** The gateway's own policy while it holds. */
export function globalRevision(store: GatewayStore): PolicyRevisionRecord | undefined {
  const latest = latestRevision(store, globalPolicyOwner)
  return latest?.value.status === 'loaded' ? latest : undefined
}

function composed(store: GatewayStore, row: SandboxRow, policy: SandboxPolicy): SandboxPolicy {
  if (readSettings(store, globalOwner).values[providersV2Enabled] !== true) return policy
  const effective = withProviderRules(store, policy, requireProviders(store, row.workspace, row.spec.providers))
  try {
    checkPolicySafety(effective)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    throw failedPrecondition(`provider composition produced an invalid effective policy: ${error.details}`)
  }
  return effective
}
