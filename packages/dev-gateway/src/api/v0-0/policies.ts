import type { MessageInitShape } from '@bufbuild/protobuf'
import { type OpenShell, PolicyStatus, type SandboxPolicyRevisionSchema } from '@openshell-ts/protocol/v0-0'
import { invalidArgument } from '../../errors/status-error.js'
import { getRevision, globalPolicyOwner, listRevisions, reportRevision } from '../../policies/revisions.js'
import type { PolicyRevisionRecord } from '../../records/policy-revision.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { ApiContext } from '../api-context.js'
import { requireSandbox } from '../require-sandbox.js'
import { findSandbox, type SandboxReference } from './find-sandbox.js'
import { pageOf } from './page-of.js'

const defaultPage = 50

/** The revisions of policies: what a client reads about them, and what supervisors report. */
export function policyHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  const rowOf = (request: SandboxReference & { readonly global: boolean }) =>
    request.global ? undefined : findSandbox(context, request)
  return {
    getSandboxPolicyStatus: (request) => {
      const row = rowOf(request)
      const revision = getRevision(store, row?.id ?? globalPolicyOwner, request.version)
      return {
        revision: { ...toRevision(revision), policy: revision.value.policy },
        activeVersion: row?.status.currentPolicyVersion ?? 0,
      }
    },
    listSandboxPolicies: (request) => {
      const revisions = listRevisions(store, rowOf(request)?.id ?? globalPolicyOwner)
      const page = pageOf(revisions, { limit: request.limit || defaultPage, offset: request.offset })
      return { revisions: page.map(toRevision) }
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
  return {
    version: value.version,
    policyHash: value.hash,
    status: statuses[value.status],
    loadError: value.loadError,
    createdAtMs: BigInt(createdAtMs),
    loadedAtMs: BigInt(value.loadedAtMs),
    provenance: value.provenance,
  }
}
