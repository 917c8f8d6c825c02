import { DeletionOutcome } from '@openshell-ts/protocol/v0-1'

/** Names what became of what was to be deleted. An outcome that is not set, or not known, is never taken for done. */
export function toDeletionOutcome(outcome: DeletionOutcome): 'completed' | 'accepted' | 'absent' | 'unknown' {
  switch (outcome) {
    case DeletionOutcome.COMPLETED:
      return 'completed'
    case DeletionOutcome.ACCEPTED:
      return 'accepted'
    case DeletionOutcome.ALREADY_ABSENT:
      return 'absent'
    default:
      return 'unknown'
  }
}
