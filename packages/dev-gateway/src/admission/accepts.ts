import type { SandboxConfig } from '../policies/sandbox-config.js'
import type { ConfigurationAdmission } from '../records/configuration-state.js'

/** Whether a word accepts the configuration that holds, and not an earlier one. */
export function accepts(
  { state, policyHash, configRevision, environmentRevision }: ConfigurationAdmission,
  held: Pick<SandboxConfig, 'policy' | 'revision' | 'environmentRevision'>,
): boolean {
  return (
    state === 'accepted' &&
    policyHash === held.policy.hash &&
    configRevision === String(held.revision) &&
    environmentRevision === String(held.environmentRevision)
  )
}
