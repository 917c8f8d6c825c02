import type { StoredRecord } from './stored-record.js'

/** What was changed about a provider of a sandbox; `observe` is no change, but a look at what holds. */
export type ProviderMutation = 'attach' | 'detach' | 'update' | 'observe'

/** What a sandbox's supervisor has to bring about. */
export interface ProviderTarget {
  readonly sandboxId: string
  readonly sandboxName: string
  /** The sandbox's set of providers. */
  readonly attachmentEpoch: string
  /** Empty for a provider that is gone. */
  readonly providerId: string
  /** 0 for a provider that is gone. */
  readonly providerResourceVersion: number
  /** 64-bit numbers as text, because records are kept as JSON. */
  readonly environmentRevision: string
  readonly configRevision: string
  readonly policyHash: string
}

/** Proof of a stored change of a provider. Its record's scope is the sandbox's id, and its name the receipt's. */
export interface ProviderReceipt {
  /** The same in all receipts of one change. */
  readonly mutationId: string
  readonly kind: ProviderMutation
  /** Name of the provider. */
  readonly provider: string
  readonly workspace: string
  readonly desired: ProviderTarget
}

/** A receipt as it is kept. */
export type ProviderReceiptRecord = StoredRecord<ProviderReceipt>
