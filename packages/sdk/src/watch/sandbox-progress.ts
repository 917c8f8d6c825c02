import type { OpenShellError } from '../errors/openshell-error.js'
import type { PlatformEvent } from '../model/platform-event.js'
import type { SandboxCondition, SandboxInfo, SandboxPhase } from '../model/sandbox-info.js'

/** How far a sandbox has come. */
export interface SandboxProgress {
  readonly phase: SandboxPhase
  readonly conditions: readonly SandboxCondition[]
  /** What the driver is doing, such as `pulling_image`; absent when it does not say. */
  readonly step?: string
  /** Detail of the running step, such as a number of bytes; absent when there is none. */
  readonly detail?: string
  /** Label of the step that was completed last; absent before the first. */
  readonly label?: string
  /** Text of the platform event behind this report; absent when a state change is behind it. */
  readonly message?: string
  /** Why the gateway is away; the wait goes on, and reports once more when it is back. Absent while it is there. */
  readonly connectionError?: OpenShellError
}

/** Receives progress. Awaited, so that a slow listener slows the wait's reading; what it throws ends the wait. */
export type ProgressListener = (progress: SandboxProgress) => unknown

/** Puts together what state changes and platform events say about a sandbox's way. */
export class ProgressTracker {
  #steps: { readonly step?: string; readonly detail?: string; readonly label?: string } = {}
  #info: SandboxInfo | undefined
  #lost: OpenShellError | undefined

  /** The report of a connection that is lost, or of one that is back; undefined where nothing is to be told. */
  ofConnection(lost: OpenShellError | undefined): SandboxProgress | undefined {
    if (lost === this.#lost) return undefined
    this.#lost = lost
    // Before the first state there is nothing to come back to; that state is a report of its own.
    return lost === undefined && this.#info === undefined ? undefined : this.#report()
  }

  /** The report of a state. */
  ofStatus(info: SandboxInfo): SandboxProgress {
    this.#info = info
    return this.#report()
  }

  /** The report of a platform event; undefined before the first state. */
  ofEvent({ metadata, message }: PlatformEvent): SandboxProgress | undefined {
    const step = metadata['openshell.progress.active_step']
    const detail = metadata['openshell.progress.active_detail']
    const completed = metadata['openshell.progress.complete_step']
    const label = metadata['openshell.progress.complete_label'] ?? completed ?? this.#steps.label
    const running = step ?? (completed === this.#steps.step ? undefined : this.#steps.step)
    this.#steps = {
      ...(running === undefined ? {} : { step: running }),
      ...(detail === undefined ? {} : { detail }),
      ...(label === undefined ? {} : { label }),
    }
    return this.#info && { ...this.#report(), message }
  }

  #report(): SandboxProgress {
    const { phase = 'unspecified', conditions = [] } = this.#info ?? {}
    return { phase, conditions, ...this.#steps, ...(this.#lost && { connectionError: this.#lost }) }
  }
}
