import { Code } from '@connectrpc/connect'
import type { ErrorKind } from '../errors/openshell-error.js'

interface StatusRule {
  readonly kind: ErrorKind
  /** False for refusals, after which the gateway cannot have acted. */
  readonly dispatched: boolean
}

const refusal = (kind: ErrorKind): StatusRule => ({ kind, dispatched: false })

/** What each gRPC status means. */
export const STATUS_RULES: Readonly<Record<Code, StatusRule>> = {
  [Code.InvalidArgument]: refusal('invalid-argument'),
  [Code.OutOfRange]: refusal('invalid-argument'),
  [Code.NotFound]: refusal('not-found'),
  [Code.AlreadyExists]: refusal('already-exists'),
  [Code.PermissionDenied]: refusal('permission-denied'),
  [Code.Unauthenticated]: refusal('unauthenticated'),
  [Code.FailedPrecondition]: refusal('failed-precondition'),
  [Code.Unimplemented]: refusal('unsupported'),
  [Code.Aborted]: { kind: 'conflict', dispatched: true },
  [Code.ResourceExhausted]: { kind: 'resource-exhausted', dispatched: true },
  [Code.Unavailable]: { kind: 'unavailable', dispatched: true },
  [Code.Canceled]: { kind: 'unavailable', dispatched: true },
  [Code.DeadlineExceeded]: { kind: 'timeout', dispatched: true },
  [Code.Internal]: { kind: 'internal', dispatched: true },
  [Code.Unknown]: { kind: 'internal', dispatched: true },
  [Code.DataLoss]: { kind: 'internal', dispatched: true },
}

/** The name of a status as gRPC writes it, such as `NOT_FOUND`. */
export function statusName(code: Code): string {
  if (code === Code.Canceled) return 'CANCELLED'
  return Code[code].replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()
}
