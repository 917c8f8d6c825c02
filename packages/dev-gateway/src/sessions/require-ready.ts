import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { failedPrecondition, notFound } from '../errors/status-error.js'
import type { SandboxRow } from '../records/sandbox-row.js'

/** The row of a sandbox that must be there and ready. */
export function requireReady(row: SandboxRow | undefined): SandboxRow {
  if (!row) throw notFound('sandbox not found')
  if (row.status.phase !== SandboxPhase.READY) throw failedPrecondition('sandbox is not ready')
  return row
}
