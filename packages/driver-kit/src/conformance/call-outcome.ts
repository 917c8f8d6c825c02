import { status as codes, type ServiceError } from '@grpc/grpc-js'
import { CaseFailure } from './case-outcome.js'

/** An error answer of the driver. */
export interface RefusedCall {
  readonly ok: false
  /** Name of the gRPC code, such as `INVALID_ARGUMENT`. */
  readonly code: string
  readonly message: string
  /** The bytes of `grpc-status-details-bin`; absent when the driver sends none. */
  readonly details?: Uint8Array
  /** Everything that came with the error, as text, to be searched for secrets. */
  readonly everything: string
}

/** What a call ended with. */
export type CallOutcome<Answer> = { readonly ok: true; readonly answer: Answer } | RefusedCall

/** Turns a call into its outcome. Errors that are no gRPC status are passed on. */
export async function outcomeOf<Answer>(call: Promise<Answer>): Promise<CallOutcome<Answer>> {
  try {
    return { ok: true, answer: await call }
  } catch (error) {
    if (!isServiceError(error)) throw error
    return toRefusedCall(error)
  }
}

/** The answer of a call that had to succeed. @throws CaseFailure otherwise. */
export function answerOf<Answer>(outcome: CallOutcome<Answer>, what: string): Answer {
  if (outcome.ok) return outcome.answer
  throw new CaseFailure(`${what} to be answered OK`, describeOutcome(outcome))
}

/** The error of a call that had to fail with one of these codes. @throws CaseFailure otherwise. */
export function refusalOf(outcome: CallOutcome<unknown>, what: string, ...expected: readonly string[]): RefusedCall {
  if (!outcome.ok && expected.includes(outcome.code)) return outcome
  throw new CaseFailure(`${what} to be refused with ${expected.join(' or ')}`, describeOutcome(outcome))
}

/** The outcome in one text, for reports. */
export function describeOutcome(outcome: CallOutcome<unknown>): string {
  return outcome.ok ? 'OK' : `${outcome.code} ${JSON.stringify(outcome.message)}`
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error
}

function toRefusedCall({ code, details: message, metadata }: ServiceError): RefusedCall {
  const [details] = metadata.get('grpc-status-details-bin')
  const trailers = Object.keys(metadata.getMap()).flatMap((key) =>
    metadata.get(key).map((value) => (typeof value === 'string' ? value : Buffer.from(value).toString('latin1'))),
  )
  return {
    ok: false,
    code: codes[code] ?? String(code),
    message,
    ...(details instanceof Uint8Array ? { details } : {}),
    everything: [message, ...trailers].join('\n'),
  }
}
