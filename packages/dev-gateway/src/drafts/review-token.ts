import { createHash } from 'node:crypto'
import { create } from '@bufbuild/protobuf'
import { NetworkPolicyRuleSchema, type SandboxPolicy, SandboxPolicySchema } from '@openshell-ts/protocol/v0-0'
import { ownRevision } from '../policies/effective-policy.js'
import { policyHash } from '../policies/policy-hash.js'
import type { DraftChunkRecord } from '../records/draft-chunk.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { messageToText } from '../wire/message-text.js'

/** The sandbox's own policy as proposals join it; an empty one when it has none yet. */
export function presentPolicy(store: GatewayStore, row: SandboxRow): SandboxPolicy {
  return ownRevision(store, row)?.value.policy ?? create(SandboxPolicySchema)
}

/** Proves what a reviewer saw: another text as soon as the proposal or the policy that it would join changes. */
export function reviewTokenOf(store: GatewayStore, row: SandboxRow, { id, value }: DraftChunkRecord): string {
  const rule = messageToText(NetworkPolicyRuleSchema, value.rule)
  const seen = [id, value.status, value.ruleName, rule, policyHash(presentPolicy(store, row))]
  return createHash('sha256').update(JSON.stringify(seen)).digest('hex')
}
