import type { status } from '@grpc/grpc-js'
import { StatusError } from './status-error.js'

/** A refusal with a reason that programs branch on. */
export class ReasonedError extends StatusError {
  /** In capitals, such as `REQUEST_ID_PAYLOAD_MISMATCH`. */
  readonly reason: string
  /** Facts that go with the reason, such as what to do about it; empty when there are none. */
  readonly facts: Readonly<Record<string, string>>

  constructor(code: status, details: string, reason: string, facts: Readonly<Record<string, string>> = {}) {
    super(code, details)
    this.reason = reason
    this.facts = facts
  }
}
