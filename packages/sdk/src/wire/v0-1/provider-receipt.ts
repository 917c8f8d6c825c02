import {
  type ProviderMutationReceipt,
  ProviderReadinessReasonSchema,
  type ProviderReadinessStatus,
} from '@openshell-ts/protocol/v0-1'
import type { ProviderReadiness, ProviderReceipt } from '../../model/provider-info.js'
import { PROVIDER_CHANGE_KINDS, PROVIDER_READINESS_STATES, wordOf } from '../enum-words.js'
import { toDate } from './to-date.js'

/** Reads the receipt of a change. */
export function toReceipt(receipt: ProviderMutationReceipt): ProviderReceipt {
  const persistedAt = toDate(receipt.persistedTime)
  return {
    id: receipt.receiptId,
    kind: wordOf(PROVIDER_CHANGE_KINDS, receipt.kind),
    providerName: receipt.provider,
    sandboxId: receipt.desired?.sandboxId ?? '',
    sandboxName: receipt.desired?.sandbox ?? '',
    ...(persistedAt ? { persistedAt } : {}),
  }
}

/** Reads how far a change has come. */
export function toReadiness({ receipt, state, reason, observedTime }: ProviderReadinessStatus): ProviderReadiness {
  const observedAt = toDate(observedTime)
  const name = ProviderReadinessReasonSchema.value[reason]?.name
  return {
    state: wordOf(PROVIDER_READINESS_STATES, state),
    reason: name?.replace('PROVIDER_READINESS_REASON_', '') ?? 'UNRECOGNIZED',
    ...(receipt ? { receipt: toReceipt(receipt) } : {}),
    ...(observedAt ? { observedAt } : {}),
  }
}
