import { StatusError } from '../errors/status-error.js'
import { readSandboxConfig } from '../policies/sandbox-config.js'
import type { SandboxRow } from '../records/sandbox-row.js'
import { type AdmissionContext, reportConfiguration } from './report-configuration.js'

/**
 * Accepts what holds for a sandbox now and after each change, as a supervisor does that enforces nothing. Returns what ends
 * that. Nothing happens on line 0.0.
 */
export function acceptConfigurations(context: AdmissionContext, sandboxId: string, instanceId: string): () => void {
  const { store, rules } = context
  if (rules.line === '0.0') return () => undefined
  const accept = (row: SandboxRow) => {
    const { policy, revision, environmentRevision } = readSandboxConfig(store, row)
    const admission = {
      instanceId,
      state: 'accepted',
      policyVersion: policy.version,
      policyHash: policy.hash,
      configRevision: String(revision),
      environmentRevision: String(environmentRevision),
      error: '',
    } as const
    reportConfiguration(context, row, { admission, expectedInstanceId: '' })
  }
  const look = (row: SandboxRow | undefined) => {
    if (row?.launch?.configuration?.admitted !== false) return
    try {
      accept(row)
    } catch (error) {
      // A configuration that cannot be read, such as one with a provider that is gone, is not accepted.
      if (!(error instanceof StatusError)) throw error
    }
  }
  look(store.sandboxes.get(sandboxId))
  return store.sandboxes.subscribe(sandboxId, (event) => {
    if (event.type === 'written') look(event.row)
  })
}
