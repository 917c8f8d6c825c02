import type { SandboxPolicy } from '@openshell-ts/protocol/v0-0'
import { notFound } from '../errors/status-error.js'
import type { PolicyRevision, PolicyRevisionRecord } from '../records/policy-revision.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { policyHash } from './policy-hash.js'

/** The owner of the gateway's own policy; the others are sandboxes, by their ids. */
export const globalPolicyOwner = ''

/** The revisions of an owner's policy, newest first. */
export function listRevisions({ policies }: Pick<GatewayStore, 'policies'>, owner: string): PolicyRevisionRecord[] {
  return policies.list(owner).reverse()
}

/** The newest revision, or `undefined`. */
export function latestRevision(store: Pick<GatewayStore, 'policies'>, owner: string): PolicyRevisionRecord | undefined {
  return store.policies.list(owner).at(-1)
}

/**
 * One revision, the newest for version 0.
 *
 * @throws StatusError NOT_FOUND without it.
 */
export function getRevision(store: GatewayStore, owner: string, version: number): PolicyRevisionRecord {
  const found = version === 0 ? latestRevision(store, owner) : store.policies.find(owner, nameOf(version))
  if (found) return found
  throw notFound(
    owner === globalPolicyOwner ? 'no global policy revision found' : 'no policy revision found for this sandbox',
  )
}

/** Adds the next revision; earlier ones that are in force or wait are superseded by it. */
export function addRevision(
  store: GatewayStore,
  owner: string,
  policy: SandboxPolicy,
  state: Partial<Pick<PolicyRevision, 'status' | 'loadedAtMs' | 'provenance'>> = {},
): PolicyRevisionRecord {
  const version = (latestRevision(store, owner)?.value.version ?? 0) + 1
  supersede(store, owner, version)
  const revision: PolicyRevision = {
    version,
    policy,
    hash: policyHash(policy),
    status: 'pending',
    loadError: '',
    loadedAtMs: 0,
    provenance: {},
    ...state,
  }
  const record = store.policies.insert(owner, nameOf(version), revision)
  if (!record) throw new Error(`There is a policy revision ${version} already.`)
  return record
}

/** Marks revisions before `version` that are in force or wait. */
export function supersede({ policies }: GatewayStore, owner: string, version: number): void {
  for (const { id, value } of policies.list(owner)) {
    const open = value.status === 'pending' || value.status === 'loaded'
    if (open && value.version < version) policies.update(id, { ...value, status: 'superseded' })
  }
}

/** What a supervisor says about a revision. */
export interface RevisionReport {
  readonly version: number
  readonly status: 'loaded' | 'failed'
  readonly loadError: string
}

/**
 * Takes a supervisor's report about a revision.
 *
 * @throws StatusError NOT_FOUND for a revision that does not exist.
 */
export function reportRevision(store: GatewayStore, row: SandboxRow, report: RevisionReport): void {
  const { version, status, loadError } = report
  const record = store.policies.find(row.id, nameOf(version))
  if (!record) throw notFound('policy revision not found')
  const loaded = status === 'loaded'
  store.policies.update(record.id, {
    ...record.value,
    status,
    loadError: loaded ? '' : loadError,
    loadedAtMs: loaded ? store.now() : 0,
  })
  if (!loaded) return
  supersede(store, row.id, version)
  store.sandboxes.update(row.id, { status: { ...row.status, currentPolicyVersion: version } })
}

function nameOf(version: number): string {
  return `v${version}`
}
