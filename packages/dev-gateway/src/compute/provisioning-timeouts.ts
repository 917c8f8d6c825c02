import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { StatusError } from '../errors/status-error.js'
import { readyCondition, withReady } from '../phases/phases.js'
import { isTimedOut, type ProvisioningRecord, type SandboxRow } from '../records/sandbox-row.js'
import { keepLaunch } from '../store/keep-launch.js'
import type { ComputeContext } from './compute-context.js'

const cleanupRetryMs = 60_000

/**
 * Gives sandboxes up whose supervisors have rejected their configuration and accept none in time: the row is an error, and the
 * compute is deleted. Line 0.1 only.
 */
export class ProvisioningTimeouts {
  readonly #context: ComputeContext
  readonly #repairMs: number
  readonly #ended = new AbortController()

  /** `repairMs` is the time from the first rejection; 0 is for ever. */
  constructor(context: ComputeContext, repairMs: number) {
    this.#context = context
    this.#repairMs = repairMs
  }

  /** Looks at a sandbox whose supervisor has said something about its configuration. */
  review(sandboxId: string): void {
    const { store } = this.#context
    const row = store.sandboxes.get(sandboxId)
    const provisioning = row?.launch?.provisioning
    if (!row || !provisioning || provisioning.firstRejectionAtMs !== undefined || !isRejected(row)) return
    const now = store.now()
    const deadlineAtMs = this.#repairMs > 0 ? now + this.#repairMs : undefined
    this.#write(row, { ...provisioning, firstRejectionAtMs: now, deadlineAtMs })
    if (deadlineAtMs !== undefined) void this.#follow(sandboxId, provisioning.attemptId)
  }

  /** Goes on with what an earlier run has begun. */
  resume(): void {
    for (const { id, launch } of this.#context.store.sandboxes.list()) {
      const provisioning = launch?.provisioning
      const open = provisioning?.deadlineAtMs !== undefined && provisioning.cleanedUpAtMs === undefined
      if (provisioning && open) void this.#follow(id, provisioning.attemptId)
    }
  }

  /** Forgets what it waits for, without a trace in the rows. */
  close(): void {
    this.#ended.abort()
  }

  async #follow(sandboxId: string, attemptId: string): Promise<void> {
    for (;;) {
      const { store, clock } = this.#context
      const provisioning = this.#row(sandboxId, attemptId)?.launch?.provisioning
      const wakeAtMs = provisioning?.cleanupRetryAtMs ?? provisioning?.deadlineAtMs ?? 0
      await clock.sleep(Math.max(0, wakeAtMs - store.now()), this.#ended.signal)
      const row = this.#row(sandboxId, attemptId)
      if (this.#ended.signal.aborted || !row || (!isTimedOut(row) && !this.#giveUp(row))) return
      if (await this.#cleanUp(sandboxId, attemptId)) return
    }
  }

  #giveUp(row: SandboxRow): boolean {
    const { store, sessions } = this.#context
    const provisioning = row.launch?.provisioning
    if (!provisioning || !isRejected(row)) return false
    const reason = row.launch?.configuration?.admission.error ?? ''
    const ready = readyCondition('False', 'ConfigurationInvalid', `Sandbox provisioning timed out: ${reason}`)
    const conditions = withReady(row.status.conditions, ready)
    store.sandboxes.update(row.id, { status: { ...row.status, phase: SandboxPhase.ERROR, conditions } })
    this.#write(row, { ...provisioning, timedOutAtMs: store.now() })
    sessions.end(row.id)
    return true
  }

  /** Answers true when there is nothing left to do. */
  async #cleanUp(sandboxId: string, attemptId: string): Promise<boolean> {
    const { store, driver, logger } = this.#context
    const before = this.#row(sandboxId, attemptId)
    if (!before) return true
    let outcome: Partial<ProvisioningRecord>
    try {
      await driver.call('deleteSandbox', { sandboxId, name: before.name })
      outcome = { cleanedUpAtMs: store.now(), cleanupError: undefined, cleanupRetryAtMs: undefined }
    } catch (error) {
      if (this.#ended.signal.aborted) return true
      logger.warn({ err: error, sandboxId }, 'Failed to delete a sandbox whose provisioning timed out')
      const cleanupError = error instanceof StatusError ? error.details : String(error)
      outcome = { cleanupError, cleanupRetryAtMs: store.now() + cleanupRetryMs }
    }
    const row = this.#row(sandboxId, attemptId)
    if (row?.launch?.provisioning) this.#write(row, { ...row.launch.provisioning, ...outcome })
    return outcome.cleanedUpAtMs !== undefined
  }

  // A start begins another attempt, which is followed for itself.
  #row(sandboxId: string, attemptId: string): SandboxRow | undefined {
    const row = this.#context.store.sandboxes.get(sandboxId)
    return row?.launch?.provisioning?.attemptId === attemptId ? row : undefined
  }

  #write({ id }: SandboxRow, provisioning: ProvisioningRecord): void {
    keepLaunch(this.#context.store.sandboxes, id, { provisioning })
  }
}

function isRejected({ status, launch }: SandboxRow): boolean {
  const open = status.phase === SandboxPhase.PROVISIONING || status.phase === SandboxPhase.STARTING
  return open && launch?.configuration?.activated === false && launch.configuration.admission.state === 'rejected'
}
