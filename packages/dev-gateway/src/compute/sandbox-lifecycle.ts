import { randomUUID } from 'node:crypto'
import { status } from '@grpc/grpc-js'
import { SandboxPhase } from '@openshell-ts/protocol/v0-0'
import { failedPrecondition, notFound, StatusError } from '../errors/status-error.js'
import { completedPhase } from '../phases/completed-phase.js'
import { isFailedMainProcess } from '../phases/main-process-end.js'
import { readyCondition, withReady } from '../phases/phases.js'
import {
  emptyLaunch,
  isTimedOut,
  type RestartRecord,
  type RowChange,
  type RowCondition,
  type RowStatus,
  type SandboxRow,
} from '../records/sandbox-row.js'
import { removeSandbox } from '../store/gateway-store.js'
import type { ComputeContext } from './compute-context.js'
import type { ComputeRules } from './compute-rules.js'
import { KeyedQueue } from './keyed-queue.js'
import { MissingIdentityError } from './missing-identity-error.js'
import { resolveFailedDelete, resolveFailedStart, resolveFailedStop } from './resolve-failure.js'
import { checkStartable, startCompute } from './start-compute.js'

const stopping = readyCondition('False', 'Stopping', 'Sandbox stop requested')
/** The Ready condition of compute that was stopped on request. */
export const stopped = readyCondition('False', 'Stopped', 'Sandbox compute is stopped')
const starting = readyCondition('False', 'Starting', 'Sandbox start requested')

function isStartable(row: SandboxRow, { line }: ComputeRules): boolean {
  const { status } = row
  if (status.phase === SandboxPhase.STOPPED || status.phase === SandboxPhase.STARTING) return true
  return line === '0.1' && (status.phase === completedPhase || isFailedMainProcess(status) || isTimedOut(row))
}

/** Stops, starts and deletes sandboxes. Calls on one sandbox wait for each other, and go on when their caller leaves. */
export class SandboxLifecycle {
  readonly #context: ComputeContext
  readonly #queue = new KeyedQueue()

  constructor(context: ComputeContext) {
    this.#context = context
  }

  /** Stops a Ready sandbox; a stopped one is returned as it is, a stopping one is stopped again. */
  stop(id: string): Promise<SandboxRow> {
    return this.#queue.run(id, () => this.#stop(this.#row(id)))
  }

  /** Starts a Stopped sandbox; a ready one is returned as it is, a starting one is started again. */
  start(id: string): Promise<SandboxRow> {
    return this.#queue.run(id, () => this.#start(this.#row(id), 0))
  }

  /** Starts a main process again as it was planned. Nothing happens when something else was done since. */
  restart(id: string, planned: RestartRecord): Promise<void> {
    return this.#queue.run(id, async () => {
      const { store, driver, sessions } = this.#context
      const row = store.sandboxes.get(id)
      if (!row || row.launch?.restarts?.nextAtMs !== planned.nextAtMs || !isStartable(row, this.#context.rules)) return
      // The compute may still be on its way out; what its driver says of that changes a row no more that has its end.
      await driver.call('stopSandbox', { sandboxId: id, name: row.name })
      sessions.end(id)
      await this.#start(store.sandboxes.get(id) ?? row, planned.count + 1)
    })
  }

  /** Deletes a sandbox. Answers whether the driver had something to delete; `true` for one that is being deleted already. */
  delete(id: string): Promise<boolean> {
    return this.#queue.run(id, () => this.#delete(this.#row(id)))
  }

  async #stop(row: SandboxRow): Promise<SandboxRow> {
    const { driver, store, sessions } = this.#context
    const { phase } = row.status
    if (phase === SandboxPhase.STOPPED) return row
    if (phase !== SandboxPhase.READY && phase !== SandboxPhase.STOPPING) {
      throw failedPrecondition(`sandbox must be Ready to stop (current phase: ${phaseName(phase)})`)
    }
    if (phase === SandboxPhase.READY) this.#write(row, SandboxPhase.STOPPING, stopping)
    try {
      await driver.call('stopSandbox', { sandboxId: row.id, name: row.name })
    } catch (error) {
      await resolveFailedStop(this.#context, row)
      throw prefixed(error, 'stop sandbox failed')
    }
    sessions.end(row.id)
    const current = store.sandboxes.get(row.id)
    if (!current) throw notFound('sandbox not found')
    if (current.status.phase === SandboxPhase.STOPPED) return this.#rewrite(current)
    if (current.status.phase !== SandboxPhase.STOPPING) {
      throw new StatusError(status.ABORTED, 'sandbox lifecycle changed while stop completed')
    }
    return this.#write(current, SandboxPhase.STOPPED, stopped)
  }

  async #start(row: SandboxRow, restartCount: number): Promise<SandboxRow> {
    const { store, rules } = this.#context
    const { phase } = row.status
    if (phase === SandboxPhase.READY) return row
    if (!isStartable(row, rules)) {
      const startable = rules.line === '0.0' ? 'Stopped' : 'Stopped, Completed, or a failed main-process Error'
      throw failedPrecondition(`sandbox must be ${startable} to start (current phase: ${phaseName(phase)})`)
    }
    await checkStartable(this.#context, row)
    if (phase !== SandboxPhase.STARTING)
      this.#write(row, SandboxPhase.STARTING, starting, newRun(row, rules, restartCount))
    try {
      await startCompute(this.#context, row)
    } catch (error) {
      if (error instanceof MissingIdentityError) {
        store.sandboxes.update(row.id, { status: row.status })
        throw error
      }
      await resolveFailedStart(this.#context, row)
      throw prefixed(error, 'start sandbox failed')
    }
    const current = store.sandboxes.get(row.id)
    if (!current) throw notFound('sandbox not found')
    return current
  }

  async #delete(row: SandboxRow): Promise<boolean> {
    const { driver, store } = this.#context
    if (row.status.phase === SandboxPhase.DELETING) return true
    store.sandboxes.update(row.id, { status: { ...row.status, phase: SandboxPhase.DELETING } })
    try {
      const { deleted } = await driver.call('deleteSandbox', { sandboxId: row.id, name: row.name })
      if (!deleted) removeSandbox(store, row.id)
      return deleted
    } catch (error) {
      await resolveFailedDelete(this.#context, row)
      if (!(error instanceof StatusError)) throw error
      throw new StatusError(status.INTERNAL, `delete sandbox failed: ${error.details}`)
    }
  }

  #row(id: string): SandboxRow {
    const row = this.#context.store.sandboxes.get(id)
    if (!row) throw notFound('sandbox not found')
    return row
  }

  // The driver's event came first: its conditions stay, and the write shows that the stop is complete.
  #rewrite(row: SandboxRow): SandboxRow {
    return this.#context.store.sandboxes.update(row.id, { status: row.status }) ?? row
  }

  #write(row: SandboxRow, phase: SandboxPhase, ready: RowCondition, change: RowChange = {}): SandboxRow {
    const next: RowStatus = {
      ...row.status,
      phase,
      conditions: withReady(row.status.conditions, ready),
      exitCode: undefined,
    }
    const written = this.#context.store.sandboxes.update(row.id, { ...change, status: next })
    if (!written) throw notFound('sandbox not found')
    return written
  }
}

// A new supervisor will come, and say its own word about the configuration.
function newRun({ launch = emptyLaunch }: SandboxRow, { line }: ComputeRules, restartCount: number): RowChange {
  if (line === '0.0') return {}
  const provisioning = { attemptId: randomUUID() }
  const forgotten = { configuration: undefined, hostKeyFingerprint: undefined }
  return { launch: { ...launch, ...forgotten, provisioning, restarts: { count: restartCount } } }
}

function prefixed(error: unknown, prefix: string): unknown {
  return error instanceof StatusError ? new StatusError(error.code, `${prefix}: ${error.details}`) : error
}

/** A phase's name as the gateway writes it in texts, such as `Ready`. */
export function phaseName(phase: SandboxPhase): string {
  const name = phase === completedPhase ? 'COMPLETED' : (SandboxPhase[phase] ?? 'UNSPECIFIED')
  return name.charAt(0) + name.slice(1).toLowerCase()
}
