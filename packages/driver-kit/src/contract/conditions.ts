import type { MessageInitShape } from '@bufbuild/protobuf'
import type { DriverConditionSchema } from '@openshell-ts/protocol/compute'
import type { SandboxState } from '../driver/sandbox-state.js'
import { toTimestamp } from './timestamp.js'

type Condition = Pick<MessageInitShape<typeof DriverConditionSchema>, 'type' | 'status' | 'reason' | 'message'>

/** Texts are cut here, so that the list of all sandboxes stays within one message. */
const messageLimit = 2_048

/** What a state's conditions depend on besides the state. */
export interface ConditionContext {
  /** Since when the sandbox is in this state. */
  readonly since: Date
  /** Whether the sandbox has been stopped before: a second start is announced differently on line 0.1. */
  readonly restarted: boolean
}

/** The conditions that mean this state on gateways of both lines. The only place where conditions are made. */
export function toConditions(
  state: SandboxState,
  { since, restarted }: ConditionContext,
): MessageInitShape<typeof DriverConditionSchema>[] {
  return conditionsOf(state, restarted).map((condition) => ({
    ...condition,
    message: condition.message?.slice(0, messageLimit) ?? '',
    lastTransitionTime: since.toISOString(),
    transitionTime: toTimestamp(since),
  }))
}

function conditionsOf(state: SandboxState, restarted: boolean): readonly Condition[] {
  switch (state.type) {
    case 'starting':
      return startingConditions(state.detail ?? '', restarted)
    case 'running':
      return [ready('True', 'BackendReady', '')]
    case 'stopping':
      return [
        { type: 'Suspended', status: 'False', reason: 'PodTerminating', message: '' },
        ready('Unknown', 'Stopping', 'The sandbox is being stopped.'),
      ]
    case 'stopped':
      return [
        { type: 'Suspended', status: 'True', reason: 'ContainerStopped', message: '' },
        ready('False', 'ContainerStopped', 'The sandbox is stopped.'),
      ]
    case 'exited':
      return [ready('False', 'ContainerExited', `The main process exited with code ${state.exitCode}.`)]
    case 'failed':
      return [ready('False', state.reason, state.message)]
  }
}

// Without Bootstrapping a gateway of line 0.1 keeps a Stopped sandbox at Stopped.
function startingConditions(detail: string, restarted: boolean): readonly Condition[] {
  const starting = ready('False', 'Starting', detail)
  if (!restarted) return [starting]
  return [
    { type: 'Suspended', status: 'False', reason: 'Starting', message: '' },
    { type: 'Bootstrapping', status: 'True', reason: 'Starting', message: '' },
    starting,
  ]
}

function ready(status: 'True' | 'False' | 'Unknown', reason: string, message: string): Condition {
  return { type: 'Ready', status, reason, message }
}
