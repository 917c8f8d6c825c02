import { clone, create } from '@bufbuild/protobuf'
import { type SandboxPolicy, SandboxPolicySchema, SandboxSpecSchema } from '@openshell-ts/protocol/v0-0'
import { checkResourceVersion } from '../checks/check-resource-version.js'
import { failedPrecondition, notFound } from '../errors/status-error.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import { countChange, globalOwner } from '../settings/settings.js'
import type { GatewayStore } from '../store/gateway-store.js'
import { checkFixedParts, checkPolicySafety, checkRuleNames } from './check-policy.js'
import { globalRevision, ownRevision } from './effective-policy.js'
import { mergePolicy } from './merge-policy.js'
import type { PolicyChange } from './policy-change.js'
import { policyHash } from './policy-hash.js'
import { withoutProviderRules } from './provider-rules.js'
import { addRevision, globalPolicyOwner, supersede } from './revisions.js'

/** What comes with a change of a sandbox's policy. */
export interface ChangeOptions {
  /** The version of the sandbox that the caller read; 0 for no check. */
  readonly expectedResourceVersion: bigint
  /** Facts about the change; they are kept with the revision and join the sandbox's annotations. */
  readonly annotations: Readonly<Record<string, string>>
}

/** The policy after a change. */
export interface PolicyResult {
  readonly version: number
  readonly hash: string
  /** Of the sandbox; empty for the gateway's own policy. */
  readonly annotations: Readonly<Record<string, string>>
}

/**
 * Replaces a sandbox's policy. The same policy again makes no new revision.
 *
 * `fromSupervisor` is true for a supervisor that tells the policy it found in its image; rules of providers in it are dropped.
 *
 * @throws StatusError INVALID_ARGUMENT for what cannot change any more, FAILED_PRECONDITION while the gateway's own policy
 *   holds.
 */
export function replacePolicy(
  store: GatewayStore,
  row: SandboxRow,
  given: SandboxPolicy,
  options: ChangeOptions & { readonly fromSupervisor: boolean },
): PolicyResult {
  checkNoGlobalPolicy(store, 'policy is managed globally; delete global policy before sandbox policy update')
  const policy = options.fromSupervisor ? withoutProviderRules(given) : withoutMarks(given)
  if (!options.fromSupervisor) checkRuleNames(policy)
  if (row.spec.policy) checkFixedParts(row.spec.policy, policy)
  checkPolicySafety(policy)
  return keepRevision(store, row, policy, options)
}

/**
 * Changes single rules of a sandbox's policy.
 *
 * @throws StatusError FAILED_PRECONDITION for an endpoint that is not there, and while the gateway's own policy holds.
 */
export function changePolicy(
  store: GatewayStore,
  row: SandboxRow,
  changes: readonly PolicyChange[],
  options: ChangeOptions,
): PolicyResult {
  checkNoGlobalPolicy(store, 'policy is managed globally; delete global policy before sandbox policy update')
  const present = ownRevision(store, row)?.value.policy
  const policy = mergePolicy(present ?? emptyPolicy, changes)
  if (row.spec.policy) checkFixedParts(row.spec.policy, policy)
  checkPolicySafety(policy)
  // Nothing to begin with and nothing to do: there is no first revision to write.
  if (!present && policyHash(policy) === policyHash(emptyPolicy)) {
    return { version: 0, hash: policyHash(policy), annotations: row.annotations }
  }
  return keepRevision(store, row, policy, options)
}

/** Sets the policy that holds for all sandboxes. The same policy again makes no new revision. */
export function setGlobalPolicy(store: GatewayStore, given: SandboxPolicy): PolicyResult {
  const policy = withoutMarks(given)
  checkRuleNames(policy)
  checkPolicySafety(policy)
  const present = globalRevision(store)
  if (present && present.value.hash === policyHash(policy)) {
    return { version: present.value.version, hash: present.value.hash, annotations: {} }
  }
  const { value } = addRevision(store, globalPolicyOwner, policy, { status: 'loaded', loadedAtMs: store.now() })
  countChange(store, globalOwner)
  return { version: value.version, hash: value.hash, annotations: {} }
}

/** Ends the policy that holds for all sandboxes. Answers whether there was one. */
export function deleteGlobalPolicy(store: GatewayStore): boolean {
  const present = globalRevision(store)
  if (!present) return false
  supersede(store, globalPolicyOwner, present.value.version + 1)
  countChange(store, globalOwner)
  return true
}

/** @throws StatusError FAILED_PRECONDITION with this text while the gateway's own policy holds. */
export function checkNoGlobalPolicy(store: GatewayStore, text: string): void {
  if (globalRevision(store)) throw failedPrecondition(text)
}

/** @throws StatusError ABORTED when the sandbox was changed since the caller read it. */
export function writeAnnotations(store: GatewayStore, row: SandboxRow, options: ChangeOptions): SandboxRow {
  const { annotations } = options
  if (Object.entries(annotations).every(([key, value]) => row.annotations[key] === value)) return row
  checkResourceVersion('store update annotations', options.expectedResourceVersion, row.resourceVersion)
  return write(store, row, { annotations: { ...row.annotations, ...annotations } })
}

const emptyPolicy = create(SandboxPolicySchema)

function keepRevision(
  store: GatewayStore,
  row: SandboxRow,
  policy: SandboxPolicy,
  options: ChangeOptions,
): PolicyResult {
  const hash = policyHash(policy)
  const present = ownRevision(store, row)
  if (present && present.value.hash === hash && sameEntries(present.value.provenance, options.annotations)) {
    return { version: present.value.version, hash, annotations: writeAnnotations(store, row, options).annotations }
  }
  checkResourceVersion('persist policy revision', options.expectedResourceVersion, row.resourceVersion)
  const { value } = addRevision(store, row.id, policy, { provenance: options.annotations })
  const annotations = { ...row.annotations, ...options.annotations }
  if (row.spec.policy) write(store, row, { annotations })
  else {
    // The first policy of a sandbox that was created without one fixes what cannot change later.
    const spec = clone(SandboxSpecSchema, row.spec)
    spec.policy = policy
    write(store, row, { annotations, spec })
  }
  return { version: value.version, hash, annotations }
}

function write(
  { sandboxes }: GatewayStore,
  row: SandboxRow,
  change: Partial<Pick<SandboxRow, 'annotations' | 'spec'>>,
): SandboxRow {
  const written = sandboxes.update(row.id, change)
  if (!written) throw notFound('sandbox not found')
  return written
}

// Which endpoints get credentials follows from the attached providers; nobody else may say so.
function withoutMarks(policy: SandboxPolicy): SandboxPolicy {
  const copy = clone(SandboxPolicySchema, policy)
  for (const { endpoints } of Object.values(copy.networkPolicies)) {
    for (const endpoint of endpoints) endpoint.providerCredentialed = false
  }
  return copy
}

function sameEntries(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(left)
  return keys.length === Object.keys(right).length && keys.every((key) => left[key] === right[key])
}
