import { type SandboxPolicyRevision, SandboxPolicySchema } from '@openshell-ts/protocol/v0-1'
import type { PolicyRevision } from '../../model/policy-revision.js'
import { POLICY_STATUSES, wordOf } from '../enum-words.js'
import { readPlain } from '../plain/read-plain.js'
import { toDate } from './to-date.js'

/** Reads a revision of a policy. */
export function toPolicyRevision(revision: SandboxPolicyRevision): PolicyRevision {
  const { version, policyHash, status, loadError, policy, provenance } = revision
  const loadedAt = toDate(revision.loadedTime)
  return {
    version,
    hash: policyHash,
    status: wordOf(POLICY_STATUSES, status),
    loadError,
    createdAt: toDate(revision.createdTime) ?? new Date(0),
    ...(loadedAt ? { loadedAt } : {}),
    ...(policy ? { policy: readPlain(SandboxPolicySchema, policy) } : {}),
    provenance: { ...provenance },
  }
}
