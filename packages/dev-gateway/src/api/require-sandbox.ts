import { requireOwnSandbox } from '../auth/authenticator.js'
import type { Principal } from '../auth/principal.js'
import { invalidArgument, notFound } from '../errors/status-error.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import type { ApiContext } from './api-context.js'

/** The sandbox that a call is about, after the check that the caller may speak for it. */
export function requireSandbox({ store }: ApiContext, sandboxId: string, principal: Principal): SandboxRow {
  if (sandboxId === '') throw invalidArgument('sandbox_id is required')
  requireOwnSandbox(principal, sandboxId)
  const row = store.sandboxes.get(sandboxId)
  if (!row) throw notFound('sandbox not found')
  return row
}
