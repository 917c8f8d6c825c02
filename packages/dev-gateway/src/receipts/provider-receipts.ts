import { randomUUID } from 'node:crypto'
import { notFound } from '../errors/status-error.js'
import { findSandboxConfig } from '../policies/sandbox-config.js'
import { environmentRevision } from '../providers/provider-environment.js'
import type {
  ProviderMutation,
  ProviderReceipt,
  ProviderReceiptRecord,
  ProviderTarget,
} from '../records/provider-receipt.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import type { GatewayStore } from '../store/gateway-store.js'

/** How many receipts of a sandbox are kept; the oldest go first. */
const receiptLimit = 100

/** Keeps the proof of a change of one provider of a sandbox. `mutationId` is one for all sandboxes that a change reaches. */
export function addReceipt(
  store: GatewayStore,
  row: SandboxRow,
  change: { readonly kind: ProviderMutation; readonly provider: string; readonly mutationId?: string },
): ProviderReceiptRecord {
  const { providerReceipts } = store
  const receipt = { ...describeTarget(store, row, change.provider), kind: change.kind }
  const value = { ...receipt, mutationId: change.mutationId ?? randomUUID() }
  const record = providerReceipts.insert(row.id, randomUUID(), value)
  if (!record) throw new Error('A new receipt has the id of another one.')
  const extra = providerReceipts.list(row.id).slice(0, -receiptLimit)
  for (const { id } of extra) providerReceipts.remove(id)
  return record
}

/** Keeps one receipt for each sandbox that a changed provider is attached to. */
export function addUpdateReceipts(
  store: GatewayStore,
  workspace: string,
  provider: string,
  mutationId: string,
): ProviderReceiptRecord[] {
  const rows = store.sandboxes.list(workspace).filter(({ spec }) => spec.providers.includes(provider))
  return rows.map((row) => addReceipt(store, row, { kind: 'update', provider, mutationId }))
}

/**
 * The receipt with this id; with an empty one, what holds for the attached provider now, as a receipt without ids.
 *
 * @throws StatusError NOT_FOUND without such a receipt of this provider, or for a provider that is not attached.
 */
export function findReceipt(
  store: GatewayStore,
  row: SandboxRow,
  provider: string,
  receiptId: string,
): ProviderReceiptRecord {
  if (receiptId === '') return presentReceipt(store, row, provider)
  const record = store.providerReceipts.find(row.id, receiptId)
  if (record?.value.provider !== provider) throw notFound('provider receipt not found')
  return record
}

function presentReceipt(store: GatewayStore, row: SandboxRow, provider: string): ProviderReceiptRecord {
  if (!row.spec.providers.includes(provider)) {
    throw notFound(`provider '${provider}' is not attached to sandbox '${row.name}'`)
  }
  const value = { ...describeTarget(store, row, provider), kind: 'observe' as const, mutationId: '' }
  return { id: '', scope: row.id, name: '', createdAtMs: 0, updatedAtMs: 0, resourceVersion: 0, value }
}

function describeTarget(
  store: GatewayStore,
  row: SandboxRow,
  provider: string,
): Omit<ProviderReceipt, 'kind' | 'mutationId'> {
  return { provider, workspace: row.workspace, desired: targetOf(store, row, provider) }
}

/** What the supervisor of a sandbox has to bring about now for one of its providers. */
export function targetOf(store: GatewayStore, row: SandboxRow, provider: string): ProviderTarget {
  const record = store.providers.find(row.workspace, provider)
  const attached = row.spec.providers.flatMap((name) => store.providers.find(row.workspace, name) ?? [])
  // A change of providers is kept although no valid policy may follow from it; supervisors are told so when they ask for it.
  const config = findSandboxConfig(store, row)
  return {
    sandboxId: row.id,
    sandboxName: row.name,
    attachmentEpoch: row.launch?.attachmentEpoch ?? '',
    providerId: record?.id ?? '',
    providerResourceVersion: record?.resourceVersion ?? 0,
    environmentRevision: String(environmentRevision(store, attached)),
    configRevision: String(config?.revision ?? 0n),
    policyHash: config?.policy.hash ?? '',
  }
}
