import type { MessageInitShape } from '@bufbuild/protobuf'
import { ProviderMutationKind, type ProviderMutationReceiptSchema } from '@openshell-ts/protocol/v0-1'
import type { ProviderReceiptRecord } from '../../records/provider-receipt.js'
import { toTimestamp } from './to-timestamp.js'

/** A receipt as this line shows it. */
export function toReceipt({
  name,
  createdAtMs,
  value,
}: ProviderReceiptRecord): MessageInitShape<typeof ProviderMutationReceiptSchema> {
  const { mutationId, provider, workspace, desired } = value
  const persistedTime = toTimestamp(createdAtMs)
  return {
    receiptId: name,
    mutationId,
    provider,
    workspace,
    kind: kinds[value.kind],
    desired: {
      sandboxId: desired.sandboxId,
      sandbox: desired.sandboxName,
      attachmentEpoch: desired.attachmentEpoch,
      providerId: desired.providerId,
      providerResourceVersion: BigInt(desired.providerResourceVersion),
      providerEnvRevision: BigInt(desired.environmentRevision),
      configRevision: BigInt(desired.configRevision),
      policyHash: desired.policyHash,
    },
    ...(persistedTime && { persistedTime }),
  }
}

const kinds = {
  attach: ProviderMutationKind.ATTACH,
  detach: ProviderMutationKind.DETACH,
  update: ProviderMutationKind.UPDATE,
  observe: ProviderMutationKind.OBSERVE,
} as const
