import { clone } from '@bufbuild/protobuf'
import { Metadata, status } from '@grpc/grpc-js'
import {
  type CreateSandboxResponse,
  type DriverSandbox,
  type GetCapabilitiesResponse,
  GetCapabilitiesResponseSchema,
  type GetSandboxResponse,
  GetSandboxResponseSchema,
  type ListSandboxesResponse,
  ListSandboxesResponseSchema,
  type WatchSandboxesEvent,
  WatchSandboxesEventSchema,
} from '@openshell-ts/protocol/compute'
import { answerLimitBytes, oversizeAnswer, toDriverError } from '../driver/driver-error.js'
import type { DriverLie } from './driver-lie.js'
import type { DevGatewayFault, FaultEffect } from './gateway-fault.js'

/** What a driver answers, as far as it can be turned into a lie. */
type Answer =
  | GetSandboxResponse
  | ListSandboxesResponse
  | GetCapabilitiesResponse
  | CreateSandboxResponse
  | WatchSandboxesEvent

const lies: ReadonlySet<string> = new Set<DriverLie['effect']>([
  'wrong-id',
  'wrong-name',
  'missing-sandbox',
  'missing-status',
  'bad-time',
  'oversize-answer',
  'oversize-error',
  'changed-acknowledgement',
  'empty-identity',
])

// No calendar has the year 33,658.
const noTime = { $typeName: 'google.protobuf.Timestamp', seconds: 1_000_000_000_000n, nanos: 0 } as const

/** True for a fault that makes a driver lie. */
export function isLie(fault: FaultEffect): fault is DriverLie {
  return lies.has(fault.effect)
}

/**
 * A driver's answer or event after a fault: a copy that lies, or the answer itself.
 *
 * @throws StatusError that the gateway's transport makes of an answer that is too large.
 */
export function tellLie<Message extends object>(fault: DevGatewayFault, answer: Message): Message {
  if (!isLie(fault)) return answer
  if (fault.effect === 'oversize-answer') {
    const { sizeBytes = answerLimitBytes + 1 } = fault
    if (sizeBytes > answerLimitBytes) throw oversizeAnswer(sizeBytes, answerLimitBytes)
    return answer
  }
  if (fault.effect === 'oversize-error') throw oversizeError(fault.sizeBytes ?? 16_385)
  // Which answer it is only its `$typeName` says; a lie is a copy of the same type.
  return lieIn(fault, answer as unknown as Answer) as unknown as Message
}

function lieIn(lie: DriverLie, answer: Answer): Answer {
  switch (answer.$typeName) {
    case 'openshell.compute.v1.GetSandboxResponse': {
      const copy = clone(GetSandboxResponseSchema, answer)
      lieAboutSandbox(lie, copy)
      return copy
    }
    case 'openshell.compute.v1.ListSandboxesResponse': {
      const copy = clone(ListSandboxesResponseSchema, answer)
      for (const sandbox of copy.sandboxes) lieInSnapshot(lie, sandbox)
      return copy
    }
    case 'openshell.compute.v1.GetCapabilitiesResponse': {
      if (lie.effect !== 'changed-acknowledgement') return answer
      const copy = clone(GetCapabilitiesResponseSchema, answer)
      copy.resourceAdmissionPolicy += ' '
      return copy
    }
    case 'openshell.compute.v1.WatchSandboxesEvent':
      return lieInEvent(lie, clone(WatchSandboxesEventSchema, answer))
    default:
      return lie.effect === 'empty-identity' ? { ...answer, runtimeIdentity: '' } : answer
  }
}

function lieInEvent(lie: DriverLie, event: WatchSandboxesEvent): WatchSandboxesEvent {
  const { payload } = event
  if (payload.case === 'sandbox') lieAboutSandbox(lie, payload.value)
  else if (payload.case !== undefined && lie.effect === 'wrong-id') payload.value.sandboxId = lie.id ?? otherId
  else if (payload.case === 'platformEvent' && lie.effect === 'bad-time' && payload.value.event) {
    payload.value.event.eventTime = { ...noTime }
  }
  return event
}

function lieAboutSandbox(lie: DriverLie, holder: { sandbox?: DriverSandbox | undefined }): void {
  if (lie.effect === 'missing-sandbox') delete holder.sandbox
  else if (holder.sandbox) lieInSnapshot(lie, holder.sandbox)
}

const otherId = 'another-sandbox'

function lieInSnapshot(lie: DriverLie, sandbox: DriverSandbox): void {
  if (lie.effect === 'wrong-id') sandbox.id = lie.id ?? otherId
  else if (lie.effect === 'wrong-name') sandbox.name = lie.name ?? 'another-name'
  else if (lie.effect === 'missing-status') delete sandbox.status
  else if (lie.effect === 'bad-time') {
    for (const condition of sandbox.status?.conditions ?? []) {
      condition.lastTransitionTime = 'no time'
      condition.transitionTime = { ...noTime }
    }
  }
}

// The gateway's own limit decides what becomes of it.
function oversizeError(sizeBytes: number): Error {
  const details = 'x'.repeat(sizeBytes)
  return toDriverError(Object.assign(new Error(details), { code: status.INTERNAL, details, metadata: new Metadata() }))
}
