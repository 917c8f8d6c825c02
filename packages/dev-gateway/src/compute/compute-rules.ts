import type { PhaseRules } from '../phases/phases.js'

/** What of the work on sandboxes depends on the wire line and on the driver. */
export interface ComputeRules extends PhaseRules {
  /** Whether clients may send a block that is not empty. Always on line 0.0. */
  readonly allowDriverConfig: boolean
  /** Whether the driver must name its backend's object when it creates or starts one. Line 0.1 only. */
  readonly needsRuntimeIdentity: boolean
  /**
   * Makes sure, before a sandbox is validated, created or started, that the driver admits what it admitted at start. Line 0.1
   * only. Rejects with FAILED_PRECONDITION.
   */
  readonly checkAdmission: () => Promise<void>
}
