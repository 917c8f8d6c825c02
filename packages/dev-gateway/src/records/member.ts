import type { StoredRecord } from './stored-record.js'

/** What a member may do in a workspace. */
export type WorkspaceRole = 'user' | 'admin'

/** A member of a workspace. Its record's scope is the workspace, and its name the subject. */
export interface Member {
  readonly role: WorkspaceRole
}

/** A member as it is kept. */
export type MemberRecord = StoredRecord<Member>
