import { DeletionOutcome } from '@openshell-ts/protocol/v0-1'
import { notFound } from '../../errors/status-error.js'

/**
 * What a delete answers that is complete at once.
 *
 * @throws StatusError NOT_FOUND with this text when there was nothing to delete and the caller expected something.
 */
export function deletionOutcome(deleted: boolean, allowMissing: boolean, missingText: string): DeletionOutcome {
  if (deleted) return DeletionOutcome.COMPLETED
  if (allowMissing) return DeletionOutcome.ALREADY_ABSENT
  throw notFound(missingText)
}
