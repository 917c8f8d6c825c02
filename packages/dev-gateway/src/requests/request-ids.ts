import { createHash } from 'node:crypto'
import { status } from '@grpc/grpc-js'
import type { Principal } from '../auth/principal.js'
import { invalidArgument, StatusError } from '../server/status-error.js'
import { ReasonedError } from './reasoned-error.js'

/** A call that brings an id, so that it has one effect however often it is sent. */
export interface IdentifiedCall {
  readonly principal: Principal
  readonly requestId: string
  /** What is called. */
  readonly method: string
  /** The encoded request. */
  readonly bytes: Uint8Array
}

interface Admission {
  readonly digest: string
  /** Absent for calls whose answers are not kept. */
  readonly answer: Promise<object> | undefined
  readonly forgottenAtMs: number
}

const keptMs = 24 * 3_600_000
const callsPerCaller = 10_000
const form = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Remembers calls by their ids for a day, each caller's for itself. */
export class RequestIds {
  readonly #now: () => number
  // By caller, then by id; the oldest first.
  readonly #callers = new Map<string, Map<string, Admission>>()

  /** `now` gives milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now
  }

  /**
   * Runs a call, or answers what it answered before; `replayed` says which. A call that failed runs again.
   *
   * @throws StatusError INVALID_ARGUMENT for what is no id, or one of another request; RESOURCE_EXHAUSTED for a caller with too
   * many ids; what `run` throws.
   */
  async once(
    call: IdentifiedCall,
    run: () => Promise<object>,
  ): Promise<{ readonly answer: object; readonly replayed: boolean }> {
    const known = this.#find(call)
    if (known?.answer) return { answer: await known.answer, replayed: true }
    const answer = run()
    const forget = this.#keep(call, answer)
    try {
      return { answer: await answer, replayed: false }
    } catch (error) {
      forget()
      throw error
    }
  }

  /**
   * Lets a call through whose answer cannot be given twice. Returns what forgets it, for a call that had no effect.
   *
   * @throws StatusError as `once`, and FAILED_PRECONDITION for a call that was let through before.
   */
  admit(call: IdentifiedCall): () => void {
    if (!this.#find(call)) return this.#keep(call, undefined)
    const text = 'the request was accepted before, and its answer cannot be given again'
    throw new ReasonedError(status.FAILED_PRECONDITION, text, 'REQUEST_REPLAY_UNAVAILABLE')
  }

  #find(call: IdentifiedCall): Admission | undefined {
    if (!form.test(call.requestId) || /^[0-]*$/.test(call.requestId)) {
      throw invalidArgument('request_id must be a non-zero UUID')
    }
    const calls = this.#callsOf(call.principal)
    const known = calls.get(call.requestId)
    if (known && known.digest !== digestOf(call)) {
      const text = 'request_id was used for another request'
      throw new ReasonedError(status.INVALID_ARGUMENT, text, 'REQUEST_ID_PAYLOAD_MISMATCH')
    }
    if (!known && calls.size >= callsPerCaller) {
      throw new StatusError(status.RESOURCE_EXHAUSTED, `a caller may use ${callsPerCaller} request ids a day`)
    }
    return known
  }

  #keep(call: IdentifiedCall, answer: Promise<object> | undefined): () => void {
    const calls = this.#callsOf(call.principal)
    calls.set(call.requestId, { digest: digestOf(call), answer, forgottenAtMs: this.#now() + keptMs })
    return () => calls.delete(call.requestId)
  }

  #callsOf(principal: Principal): Map<string, Admission> {
    const caller = principal.type === 'user' ? `user ${principal.subject}` : `sandbox ${principal.sandboxId}`
    const calls = this.#callers.get(caller) ?? new Map<string, Admission>()
    this.#callers.set(caller, calls)
    for (const [id, { forgottenAtMs }] of calls) {
      if (forgottenAtMs > this.#now()) break
      calls.delete(id)
    }
    return calls
  }
}

function digestOf({ method, bytes }: IdentifiedCall): string {
  return createHash('sha256').update(method).update('\0').update(bytes).digest('hex')
}
