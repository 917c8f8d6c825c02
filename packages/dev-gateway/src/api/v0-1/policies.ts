import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  type OpenShell,
  PolicyStatus,
  type SandboxPolicyRevisionSchema,
  type WorkspaceSelector,
} from '@openshell-ts/protocol/v0-1'
import { invalidArgument } from '../../errors/status-error.js'
import { getRevision, globalPolicyOwner, listRevisions, reportRevision } from '../../policies/revisions.js'
import type { PolicyRevisionRecord } from '../../records/policy-revision.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import { toLaterPolicy } from '../../wire/policy-words.js'
import type { ApiContext } from '../api-context.js'
import { requireSandbox } from '../require-sandbox.js'
import { findSandbox } from './find-sandbox.js'
import { pageOf } from './page-of.js'
import { toTimestamp } from './to-timestamp.js'

interface PolicyReference {
  readonly workspaceScope?: WorkspaceSelector | undefined
  readonly sandbox: string
  readonly global: boolean
}

/** The revisions of policies: what a client reads about them, and what supervisors report. */
export function policyHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  // The gateway's own policy belongs to no workspace, so that these requests need none then.
  const rowOf = ({ workspaceScope, sandbox, global }: PolicyReference) =>
    global ? undefined : findSandbox(context, workspaceScope, sandbox, 'sandbox is required')
  return {
    getSandboxPolicyStatus: (request) => {
      const row = rowOf(request)
      const revision = getRevision(store, row?.id ?? globalPolicyOwner, request.version)
      return {
        revision: { ...toRevision(revision), policy: toLaterPolicy(revision.value.policy) },
        activeVersion: row?.status.currentPolicyVersion ?? 0,
      }
    },
    listSandboxPolicies: (request) => {
      const { items, nextPageToken } = pageOf(
        listRevisions(store, rowOf(request)?.id ?? globalPolicyOwner),
        request,
        store,
      )
      return { revisions: items.map(toRevision), nextPageToken }
    },
    reportPolicyStatus: ({ sandboxId, version, status, loadError }, { principal }) => {
      const row = requireSandbox(context, sandboxId, principal)
      if (version === 0) throw invalidArgument('version is required')
      if (status !== PolicyStatus.LOADED && status !== PolicyStatus.FAILED) {
        throw invalidArgument('status must be LOADED or FAILED')
      }
      const reported = status === PolicyStatus.LOADED ? 'loaded' : 'failed'
      reportRevision(store, row, { version, status: reported, loadError })
      return {}
    },
  }
}

const statuses = {
  pending: PolicyStatus.PENDING,
  loaded: PolicyStatus.LOADED,
  failed: PolicyStatus.FAILED,
  superseded: PolicyStatus.SUPERSEDED,
}

function toRevision({
  createdAtMs,
  value,
}: PolicyRevisionRecord): MessageInitShape<typeof SandboxPolicyRevisionSchema> {
  const createdTime = toTimestamp(createdAtMs)
  const loadedTime = toTimestamp(value.loadedAtMs)
  return {
    version: value.version,
    policyHash: value.hash,
    status: statuses[value.status],
    loadError: value.loadError,
    ...(createdTime && { createdTime }),
    ...(loadedTime && { loadedTime }),
    provenance: value.provenance,
  }
}
