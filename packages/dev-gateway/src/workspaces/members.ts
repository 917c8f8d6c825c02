import { status } from '@grpc/grpc-js'
import { alreadyExists, invalidArgument, StatusError } from '../errors/status-error.js'
import type { MemberRecord, WorkspaceRole } from '../records/member.js'
import type { GatewayStore } from '../store/gateway-store.js'

const memberLimit = 1_000

/** Adds a member. Throws ALREADY_EXISTS for a subject that is one, INVALID_ARGUMENT without a role or subject. */
export function addMember(
  { members }: GatewayStore,
  workspace: string,
  subject: string,
  role: WorkspaceRole | undefined,
): MemberRecord {
  requireSubject(subject)
  if (role === undefined) throw invalidArgument('role must be USER or ADMIN, not UNSPECIFIED')
  if (members.list(workspace).length >= memberLimit) {
    throw new StatusError(status.RESOURCE_EXHAUSTED, `workspace has reached the maximum of ${memberLimit} members`)
  }
  const record = members.insert(workspace, subject, { role })
  if (!record) throw alreadyExists('member already exists in this workspace')
  return record
}

/** Removes a member. Answers whether there was one; throws INVALID_ARGUMENT without a subject. */
export function removeMember({ members }: GatewayStore, workspace: string, subject: string): boolean {
  requireSubject(subject)
  const record = members.find(workspace, subject)
  return record !== undefined && members.remove(record.id)
}

function requireSubject(subject: string): void {
  if (subject === '') throw invalidArgument('principal_subject is required')
}
