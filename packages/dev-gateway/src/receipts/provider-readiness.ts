import { ProviderReadinessReason as Reason, ProviderReadinessState as State } from '@openshell-ts/protocol/v0-1'
import { hasEndedCredential } from '../providers/provider-environment.js'
import type { ProviderReceiptRecord } from '../records/provider-receipt.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import type { Session } from '../sessions/session-registry.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { targetOf } from './provider-receipts.js'

/** What a supervisor has said last about the providers of its sandbox. */
export interface ProviderObservation {
  readonly attachmentEpoch: string
  readonly providerEnvRevision: bigint
  readonly configRevision: bigint
  readonly policyHash: string
  readonly credentialsInstalled: boolean
  readonly policyActive: boolean
  readonly launchEnvironmentInstalled: boolean
  readonly reason: Reason
}

/** Who could tell how far a change has come. */
export interface ReadinessSource {
  /** How the connected supervisor reports on providers; `undefined` when there is none. */
  readonly reports: Session['providerReports'] | undefined
  /** The last report of that supervisor; absent before the first. */
  readonly observation: ProviderObservation | undefined
  /** Whether the last report is too old to count. */
  readonly expired: boolean
}

/** How far a change has come, and why no farther. */
export interface ProviderReadiness {
  readonly state: State
  /** UNSPECIFIED at the end of the way. */
  readonly reason: Reason
}

const failures = new Set<Reason>([
  Reason.CREDENTIAL_INSTALL_FAILED,
  Reason.POLICY_ACTIVATION_FAILED,
  Reason.PROCESS_INSTALL_FAILED,
])
const withholdings = new Set<Reason>([Reason.CREDENTIALS_WITHHELD, Reason.CREDENTIAL_EXPIRED, Reason.LOCAL_POLICY])

/** How far a change of a provider has come in its sandbox. */
export function providerReadiness(
  store: GatewayStore,
  row: SandboxRow,
  receipt: ProviderReceiptRecord,
  source: ReadinessSource,
): ProviderReadiness {
  const detached = receipt.value.kind === 'detach'
  if (isSuperseded(store, row, receipt)) return { state: State.SUPERSEDED, reason: Reason.DESIRED_STATE_CHANGED }
  if (source.reports === undefined) {
    const reason =
      row.status.mainProcessInstanceId === '' ? Reason.WAITING_FOR_SUPERVISOR : Reason.SUPERVISOR_DISCONNECTED
    return { state: State.PERSISTED, reason }
  }
  if (source.reports === 'none') return pending(Reason.UNSUPPORTED_SUPERVISOR)
  const provider = store.providers.find(row.workspace, receipt.value.provider)
  if (!detached && provider && hasEndedCredential(store, provider)) {
    return { state: State.WITHHELD, reason: Reason.CREDENTIAL_EXPIRED }
  }
  const missing = missingPart(store, row, receipt, source)
  return missing ?? { state: detached ? State.REVOKED : State.READY, reason: Reason.UNSPECIFIED }
}

function pending(reason: Reason): ProviderReadiness {
  return { state: State.PENDING, reason }
}

// An observation of another state says nothing about this one, not even that it failed.
function missingPart(
  store: GatewayStore,
  row: SandboxRow,
  { value }: ProviderReceiptRecord,
  { reports, observation, expired }: ReadinessSource,
): ProviderReadiness | undefined {
  if (reports === 'at-once') return undefined
  if (!observation) return pending(Reason.WAITING_FOR_SUPERVISOR)
  if (expired) return pending(Reason.SUPERVISOR_LEASE_EXPIRED)
  const target = targetOf(store, row, value.provider)
  const { attachmentEpoch, providerEnvRevision, configRevision, policyHash, reason } = observation
  if (attachmentEpoch !== target.attachmentEpoch || String(providerEnvRevision) !== target.environmentRevision) {
    return pending(Reason.WAITING_FOR_CREDENTIALS)
  }
  if (failures.has(reason)) return { state: State.FAILED, reason }
  if (withholdings.has(reason)) return { state: State.WITHHELD, reason }
  if (!observation.credentialsInstalled) return pending(reason || Reason.WAITING_FOR_CREDENTIALS)
  const samePolicy = policyHash === target.policyHash && String(configRevision) === target.configRevision
  if (!samePolicy || !observation.policyActive) return pending(reason || Reason.WAITING_FOR_POLICY)
  if (!observation.launchEnvironmentInstalled) return pending(reason || Reason.WAITING_FOR_PROCESS)
  return undefined
}

function isSuperseded(
  { providers, providerReceipts }: GatewayStore,
  row: SandboxRow,
  { id, value }: ProviderReceiptRecord,
): boolean {
  const detached = value.kind === 'detach'
  if (row.spec.providers.includes(value.provider) === detached) return true
  const records = providerReceipts.list(row.id).filter((record) => record.value.provider === value.provider)
  const later = id === '' ? [] : records.slice(records.findIndex((record) => record.id === id) + 1)
  if (later.some((record) => (record.value.kind === 'detach') !== detached)) return true
  if (detached) return false
  const current = providers.find(row.workspace, value.provider)
  const { providerId, providerResourceVersion } = value.desired
  return current?.id !== providerId || current.resourceVersion !== providerResourceVersion
}
