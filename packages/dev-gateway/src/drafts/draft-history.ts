import type { GatewayStore } from '../store/gateway-store.js'

/** Something that happened to a proposal. */
export interface HistoryEntry {
  readonly timestampMs: number
  readonly eventType: 'proposed' | 'approved' | 'rejected'
  readonly description: string
  readonly chunkId: string
}

/** What happened to the proposals of a sandbox that are still kept, oldest first. */
export function draftHistory({ draftChunks }: GatewayStore, sandboxId: string): HistoryEntry[] {
  const entries = draftChunks.list(sandboxId).flatMap(({ id, createdAtMs, value }) => {
    const { ruleName, confidence, status, decidedAtMs } = value
    const proposed: HistoryEntry = {
      timestampMs: createdAtMs,
      eventType: 'proposed',
      description: `Rule '${ruleName}' proposed (confidence: ${Math.round(confidence * 100)}%)`,
      chunkId: id,
    }
    if (status === 'pending') return [proposed]
    const decided: HistoryEntry = {
      timestampMs: decidedAtMs,
      eventType: status,
      description: `Rule '${ruleName}' ${status}`,
      chunkId: id,
    }
    return [proposed, decided]
  })
  return entries.sort((left, right) => left.timestampMs - right.timestampMs)
}
