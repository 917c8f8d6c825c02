import { SandboxRestartPolicy } from '@openshell-ts/protocol/v0-1'
import { completedPhase } from '../phases/completed-phase.js'
import { isFailedMainProcess } from '../phases/main-process-end.js'
import { emptyLaunch, type RestartRecord, type SandboxRow } from '../records/sandbox-row.js'
import type { ComputeContext } from './compute-context.js'
import type { SandboxLifecycle } from './sandbox-lifecycle.js'

const longestDelayMs = 60_000

/** Starts main processes again that have ended, as their sandboxes' restart policies say. Line 0.1 only. */
export class MainProcessRestarts {
  readonly #context: ComputeContext
  readonly #lifecycle: SandboxLifecycle
  readonly #firstDelayMs: number
  readonly #ended = new AbortController()

  /** `firstDelayMs` is the wait before the first restart; it doubles with each one, up to a minute. */
  constructor(context: ComputeContext, lifecycle: SandboxLifecycle, firstDelayMs: number) {
    this.#context = context
    this.#lifecycle = lifecycle
    this.#firstDelayMs = firstDelayMs
  }

  /** Plans the restart of a main process that has ended, if its sandbox wants one. */
  plan(sandboxId: string): void {
    const { store, rules } = this.#context
    const row = store.sandboxes.get(sandboxId)
    if (rules.line === '0.0' || !row || !wantsRestart(row)) return
    const { launch = emptyLaunch } = row
    const count = launch.restarts?.count ?? 0
    const nextAtMs = store.now() + Math.min(this.#firstDelayMs * 2 ** count, longestDelayMs)
    const restarts = { count, nextAtMs }
    store.sandboxes.update(sandboxId, { launch: { ...launch, restarts } })
    void this.#restartAt(sandboxId, restarts)
  }

  /** Goes on with what an earlier run has planned. */
  resume(): void {
    for (const { id, launch } of this.#context.store.sandboxes.list()) {
      if (launch?.restarts?.nextAtMs !== undefined) void this.#restartAt(id, launch.restarts)
    }
  }

  /** Forgets what is planned, without a trace in the rows. */
  close(): void {
    this.#ended.abort()
  }

  async #restartAt(sandboxId: string, planned: RestartRecord): Promise<void> {
    const { store, clock, logger } = this.#context
    await clock.sleep(Math.max(0, (planned.nextAtMs ?? 0) - store.now()), this.#ended.signal)
    if (this.#ended.signal.aborted) return
    try {
      await this.#lifecycle.restart(sandboxId, planned)
    } catch (error) {
      if (this.#ended.signal.aborted) return
      logger.warn({ err: error, sandboxId }, 'Failed to start a main process again')
      this.plan(sandboxId)
    }
  }
}

function wantsRestart({ status, launch }: SandboxRow): boolean {
  if (status.phase !== completedPhase && !isFailedMainProcess(status)) return false
  if (launch?.restartPolicy === SandboxRestartPolicy.ALWAYS) return true
  return launch?.restartPolicy === SandboxRestartPolicy.ON_FAILURE && status.exitCode !== 0
}
