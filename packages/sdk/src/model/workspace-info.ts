import type { RecordInfo } from './record-info.js'

/** Where a workspace is in its life; `unrecognized` is a phase that this release does not know. */
export type WorkspacePhase = 'unspecified' | 'active' | 'terminating' | 'unrecognized'

/** Snapshot of a workspace. */
export interface WorkspaceInfo extends Omit<RecordInfo, 'workspace'> {
  /** `terminating` takes nothing new in, and never becomes `active` again. */
  readonly phase: WorkspacePhase
}

/** What a member may do: `user` works with sandboxes, `admin` changes providers, policies and members too. */
export type WorkspaceRole = 'user' | 'admin'

/** A member of a workspace. */
export interface WorkspaceMemberInfo {
  /** Who it is, as the identity provider names it. */
  readonly subject: string
  /** `unrecognized` is a role that this release does not know. */
  readonly role: WorkspaceRole | 'unspecified' | 'unrecognized'
  readonly createdAt: Date
}
