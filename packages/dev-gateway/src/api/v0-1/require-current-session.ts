import { failedPrecondition, invalidArgument } from '../../errors/status-error.js'
import type { SandboxRow } from '../../records/sandbox-row.js'
import type { Session } from '../../sessions/session-registry.js'
import type { ApiContext } from '../api-context.js'

/**
 * The session of a sandbox, which must be the one that a report was made in.
 *
 * @throws StatusError INVALID_ARGUMENT without an id, FAILED_PRECONDITION for one of another session, or one that has ended.
 */
export function requireCurrentSession(
  { sessions }: Pick<ApiContext, 'sessions'>,
  { id }: SandboxRow,
  field: string,
  sessionId: string,
): Session {
  if (sessionId === '') throw invalidArgument(`${field} is required`)
  const session = sessions.get(id)
  if (session?.sessionId === sessionId) return session
  throw failedPrecondition(`${field} is not the current session of this sandbox; report again in a new one`)
}
