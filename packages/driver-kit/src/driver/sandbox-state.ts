import { isTransientReason } from './transient-reason.js'

/**
 * What a sandbox's compute is doing, as an author reports it.
 *
 * The set is closed on purpose: gateways read some condition reasons as "still coming" and all others as final, and this
 * type cannot mix the two up. `starting`, `stopping` are on the way; `stopped` was asked for and can be started again;
 * `exited` and `failed` are final until the sandbox is started again or deleted.
 */
export type SandboxState =
  | {
      readonly type: 'starting'
      /** What it waits for, for people: `pulling image, 120 of 500 MB`. No text when absent. */
      readonly detail?: string
    }
  | { readonly type: 'running' }
  | { readonly type: 'stopping' }
  | { readonly type: 'stopped' }
  | {
      readonly type: 'exited'
      /** The code that the main process ended with; 128 + n when signal n ended it. */
      readonly exitCode: number
    }
  | {
      readonly type: 'failed'
      /** A stable word in CamelCase, such as `ImagePullFailed`. Words that gateways read as "still coming" are refused. */
      readonly reason: string
      /** What went wrong and what to change, for the sandbox's user. */
      readonly message: string
    }

const reasonPattern = /^[A-Za-z][A-Za-z0-9]{0,62}$/

/**
 * Returns the state when it can be reported as it is.
 *
 * @throws TypeError when a `failed` reason is not one CamelCase word, or is one that gateways read as "not ready yet".
 */
export function checkSandboxState(state: SandboxState): SandboxState {
  if (state.type !== 'failed') return state
  if (!reasonPattern.test(state.reason)) {
    throw new TypeError(
      'The reason of a failed state must be one word of letters and digits, such as "ImagePullFailed".',
    )
  }
  if (isTransientReason(state.reason)) {
    throw new TypeError(
      `Gateways read the reason "${state.reason}" as "not ready yet". Report { type: 'starting' }, or use another reason.`,
    )
  }
  return state
}

/** True when both states mean the same to a watcher. */
export function sameSandboxState(one: SandboxState, other: SandboxState): boolean {
  return JSON.stringify(ordered(one)) === JSON.stringify(ordered(other))
}

function ordered(state: SandboxState): readonly unknown[] {
  switch (state.type) {
    case 'starting':
      return [state.type, state.detail ?? '']
    case 'exited':
      return [state.type, state.exitCode]
    case 'failed':
      return [state.type, state.reason, state.message]
    default:
      return [state.type]
  }
}
