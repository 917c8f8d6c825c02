import type { MessageInitShape } from '@bufbuild/protobuf'
import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import type { DriverConditionSchema } from '@openshell-ts/protocol/compute'

/** Where a simulated sandbox is. */
export type SimulatedState =
  | { readonly type: 'starting' | 'restarting' | 'running' | 'stopped' }
  | { readonly type: 'failed'; readonly reason: string; readonly message: string }

type Condition = Required<
  Pick<MessageInitShape<typeof DriverConditionSchema>, 'type' | 'status' | 'reason' | 'message'>
>

/** The conditions that mean a state on both wire lines, with the time in the fields of both. */
export function simulatedConditions(
  state: SimulatedState,
  since: Date,
): readonly MessageInitShape<typeof DriverConditionSchema>[] {
  return conditionsOf(state).map((condition) => ({
    ...condition,
    lastTransitionTime: since.toISOString(),
    transitionTime: timestampFromDate(since),
  }))
}

function conditionsOf(state: SimulatedState): readonly Condition[] {
  switch (state.type) {
    case 'starting':
      return [starting]
    case 'restarting':
      // Without Bootstrapping a gateway of line 0.1 keeps a stopped sandbox at Stopped.
      return [
        { type: 'Suspended', status: 'False', reason: 'Starting', message: '' },
        { type: 'Bootstrapping', status: 'True', reason: 'Starting', message: '' },
        starting,
      ]
    case 'running':
      return [{ type: 'Ready', status: 'True', reason: 'BackendReady', message: 'The simulated sandbox runs.' }]
    case 'stopped':
      return [
        { type: 'Suspended', status: 'True', reason: 'ContainerStopped', message: '' },
        { type: 'Ready', status: 'False', reason: 'ContainerStopped', message: 'The simulated sandbox is stopped.' },
      ]
    case 'failed':
      return [{ type: 'Ready', status: 'False', reason: state.reason, message: state.message }]
  }
}

const starting: Condition = {
  type: 'Ready',
  status: 'False',
  reason: 'Starting',
  message: 'The simulated sandbox starts.',
}
