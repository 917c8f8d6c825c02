import { WaitClock } from '../calls/wait-clock.js'
import { WaitFailedError } from '../errors/wait-failed-error.js'
import type { SandboxInfo, SandboxPhase } from '../model/sandbox-info.js'
import type { Gateway } from '../transport/gateway.js'
import { linkSignals } from '../transport/linked-signal.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import { describeState } from './describe-state.js'
import { observeSandbox } from './observe-sandbox.js'
import { type ProgressListener, ProgressTracker } from './sandbox-progress.js'
import { decides, judge, type WaitGoal } from './wait-goal.js'
import type { WaitOptions } from './wait-options.js'
import type { WatchEvent } from './watch-event.js'

const DEFAULT_IDLE_TIMEOUT_MS = 300_000

/** Waits until a sandbox reaches a goal, and returns its last state; throws `WaitFailedError` when it cannot, or not in time. */
export async function waitForSandbox(
  gateway: Gateway,
  address: SandboxAddress,
  goal: WaitGoal,
  options: WaitOptions,
): Promise<SandboxInfo | undefined> {
  const { timeoutMs = 0, idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS, signal, onProgress } = options
  const clock = new WaitClock({ timeoutMs, idleTimeoutMs })
  const link = linkSignals(signal, clock.signal)
  const wait = new Wait(address, goal, clock, onProgress)
  try {
    const isLast = (phase: SandboxPhase) => decides(goal, phase)
    for await (const event of observeSandbox(gateway, address, link.signal, isLast)) {
      if (await wait.accept(event)) return wait.lastInfo
    }
    throw wait.failure('the watch ended without a result')
  } catch (error) {
    if (clock.expired === undefined || signal?.aborted || error instanceof WaitFailedError) throw error
    throw wait.timeout(clock.expired, error)
  } finally {
    clock.stop()
    link.release()
  }
}

class Wait {
  lastInfo: SandboxInfo | undefined
  #lastChangeAt = new Date()
  readonly #address: SandboxAddress
  readonly #goal: WaitGoal
  readonly #clock: WaitClock
  readonly #onProgress: ProgressListener | undefined
  readonly #progress = new ProgressTracker()

  constructor(address: SandboxAddress, goal: WaitGoal, clock: WaitClock, onProgress: ProgressListener | undefined) {
    this.#address = address
    this.#goal = goal
    this.#clock = clock
    this.#onProgress = onProgress
  }

  /** True when the goal is reached; throws when it cannot be. */
  async accept(event: WatchEvent): Promise<boolean> {
    if (event.type === 'deleted') return this.#acceptDeletion()
    if (event.type === 'platform-event') {
      this.#changed()
      const report = this.#progress.ofEvent(event.event)
      if (report) await this.#onProgress?.(report)
    }
    if (event.type === 'disconnected' || event.type === 'reconnected') {
      const report = this.#progress.ofConnection(event.type === 'disconnected' ? event.error : undefined)
      if (report) await this.#onProgress?.(report)
    }
    return event.type === 'status' && this.#acceptStatus(event.info)
  }

  failure(why: string): WaitFailedError {
    return this.#error('wait-failed', `it cannot become ${this.#goal.name}: ${why}`, undefined)
  }

  timeout(option: string, cause: unknown): WaitFailedError {
    return this.#error('timeout', `it did not become ${this.#goal.name} in time (${option})`, cause)
  }

  async #acceptStatus(info: SandboxInfo): Promise<boolean> {
    const changed = this.lastInfo === undefined || fingerprint(this.lastInfo) !== fingerprint(info)
    this.lastInfo = info
    if (changed) {
      this.#changed()
      await this.#onProgress?.(this.#progress.ofStatus(info))
    }
    const verdict = judge(this.#goal, info)
    if (verdict === 'failed') throw this.failure(whyNot(info))
    return verdict === 'reached'
  }

  #acceptDeletion(): boolean {
    if (this.#goal.name === 'deleted') return true
    throw this.failure('it was deleted')
  }

  #changed(): void {
    this.#lastChangeAt = new Date()
    this.#clock.touch()
  }

  #error(kind: 'wait-failed' | 'timeout', what: string, cause: unknown): WaitFailedError {
    const { name } = this.#address
    return new WaitFailedError({
      kind,
      message: `Sandbox "${name}": ${what}. ${describeState(this.lastInfo)}`,
      hint:
        kind === 'timeout'
          ? 'Raise the option named here, or look at the conditions for what the sandbox waits for.'
          : this.lastInfo?.exitCode === undefined
            ? 'The record still exists unless it was deleted; the conditions say what happened.'
            : 'Give it a command that goes on, such as sleep infinity; or create it with waitReady: false, and use waitCompleted.',
      sandboxName: name,
      lastInfo: this.lastInfo,
      lastChangeAt: this.#lastChangeAt,
      cause,
    })
  }
}

function whyNot({ phase, exitCode }: SandboxInfo): string {
  return exitCode === undefined ? `its phase is ${phase}` : `its main process has ended, with exit code ${exitCode}`
}

function fingerprint({ phase, phaseNumber, conditions, exitCode }: SandboxInfo): string {
  return JSON.stringify([phase, phaseNumber, conditions, exitCode])
}
