import type { Struct } from '@bufbuild/protobuf/wkt'
import type { SandboxSpec } from '@openshell-ts/protocol/v0-0'
import { invalidArgument } from '../errors/status-error.js'
import { checkPolicySafety, checkRuleNames } from '../policies/check-policy.js'
import { checkEnvironmentKeysUnique, requireProviders } from '../providers/provider-environment.js'
import { generateName } from '../store/generate-name.js'
import { checkCreate } from './check-create.js'
import type { ComputeContext } from './compute-context.js'
import { type SandboxRequest, withDefaults } from './create-sandbox.js'

/** A request for a sandbox as a client sent it. */
export interface SubmittedSandbox {
  /** Empty to have a name generated. */
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly spec: SandboxSpec | undefined
  /** As the request carries them, before any decoding to JSON. */
  readonly resources: Struct | undefined
  readonly driverConfig: Struct | undefined
  /** Finds the workspace, once the fields are known to be right. Throws a StatusError without one. */
  readonly resolveWorkspace: () => string
}

/**
 * Checks a request in the gateway's order - fields, workspace, providers, policy - and fills in what it leaves open.
 *
 * @throws StatusError for the first problem.
 */
export function prepareSandbox(context: ComputeContext, submitted: SubmittedSandbox): SandboxRequest {
  if (!submitted.spec) throw invalidArgument('spec is required')
  const { labels, annotations, resources, driverConfig } = submitted
  const { sandboxes } = context.store
  const spec = withDefaults(submitted.spec, context.defaultImage)
  checkCreate({ name: submitted.name, labels, annotations, spec, resources, driverConfig })
  const workspace = submitted.resolveWorkspace()
  checkEnvironmentKeysUnique(context.store, requireProviders(context.store, workspace, spec.providers))
  if (spec.policy) {
    checkRuleNames(spec.policy)
    checkPolicySafety(spec.policy)
  }
  const name = submitted.name || generateName((candidate) => sandboxes.find(workspace, candidate) !== undefined)
  return { name, workspace, labels, annotations, spec, driverConfig }
}
