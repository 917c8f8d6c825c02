import { createHash } from 'node:crypto'
import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import type { Principal } from '../auth/principal.js'
import { ReasonedError } from '../errors/reasoned-error.js'
import { invalidArgument, StatusError } from '../errors/status-error.js'
import { type LoggedCall, RequestLog } from '../store/request-log.js'

/** A call that brings an id, so that it has one effect however often it is sent. */
export interface IdentifiedCall {
  readonly principal: Principal
  readonly requestId: string
  /** What is called. */
  readonly method: string
  /** What tells the request from others. */
  readonly bytes: Uint8Array
  /** What is answered; without it an answer is not kept over a restart. */
  readonly output?: DescMessage
}

interface Admission {
  readonly digest: string
  /** Absent for calls whose answers are not kept, and for those of an earlier run. */
  readonly answer: Promise<object> | undefined
  readonly forgottenAtMs: number
  /** What is known of a call of an earlier run. */
  readonly logged?: LoggedCall
}

const keptMs = 24 * 3_600_000
const callsPerCaller = 10_000
const form = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Remembers calls by their ids for a day, each caller's for itself. */
export class RequestIds {
  readonly #now: () => number
  readonly #log: RequestLog
  // By caller, then by id; the oldest first.
  readonly #callers = new Map<string, Map<string, Admission>>()

  /** `now` gives milliseconds since 1970; `log` holds the calls of an earlier run, and gets those of this one. */
  constructor(now: () => number, log = new RequestLog(undefined)) {
    this.#now = now
    this.#log = log
    for (const logged of log.list()) {
      const { caller, requestId, digest, forgottenAtMs } = logged
      const calls = this.#callers.get(caller) ?? new Map<string, Admission>()
      this.#callers.set(caller, calls.set(requestId, { digest, answer: undefined, forgottenAtMs, logged }))
    }
  }

  /**
   * Runs a call, or answers what it answered before; `replayed` says which. A call that failed runs again.
   *
   * @throws StatusError INVALID_ARGUMENT for what is no id, or one of another request; RESOURCE_EXHAUSTED for a caller with too
   * many ids; FAILED_PRECONDITION for a call that an earlier run did not end; what `run` throws.
   */
  async once(
    call: IdentifiedCall,
    run: () => Promise<object>,
  ): Promise<{ readonly answer: object; readonly replayed: boolean }> {
    const known = this.#find(call)
    if (known?.answer) return { answer: await known.answer, replayed: true }
    if (known?.logged) return { answer: loggedAnswer(call, known.logged), replayed: true }
    const answer = run()
    const keeping = this.#keep(call, answer)
    try {
      const given = await answer
      keeping.end(given)
      return { answer: given, replayed: false }
    } catch (error) {
      keeping.forget()
      throw error
    }
  }

  /**
   * Lets a call through whose answer cannot be given twice. Returns what forgets it, for a call that had no effect.
   *
   * @throws StatusError as `once`, and FAILED_PRECONDITION for a call that was let through before.
   */
  admit(call: IdentifiedCall): () => void {
    if (!this.#find(call)) return this.#keep(call, undefined).forget
    throw unavailableReplay()
  }

  #find(call: IdentifiedCall): Admission | undefined {
    if (!form.test(call.requestId) || /^[0-]*$/.test(call.requestId)) {
      throw invalidArgument('request_id must be a non-zero UUID')
    }
    const calls = this.#callsOf(call.principal)
    const known = calls.get(keyOf(call))
    if (known && known.digest !== digestOf(call)) {
      const text = 'request_id was used for another request'
      throw new ReasonedError(status.INVALID_ARGUMENT, text, 'REQUEST_ID_PAYLOAD_MISMATCH')
    }
    if (!known && calls.size >= callsPerCaller) {
      throw new StatusError(status.RESOURCE_EXHAUSTED, `a caller may use ${callsPerCaller} request ids a day`)
    }
    return known
  }

  #keep(call: IdentifiedCall, answer: Promise<object> | undefined) {
    const calls = this.#callsOf(call.principal)
    const { output } = call
    const requestId = keyOf(call)
    const kept = { digest: digestOf(call), forgottenAtMs: this.#now() + keptMs }
    const logged = { caller: callerOf(call.principal), requestId, ...kept }
    calls.set(requestId, { ...kept, answer })
    this.#log.write({ ...logged, state: answer ? 'running' : 'fenced' })
    return {
      end: (given: object) => {
        if (output) this.#log.write({ ...logged, state: 'answered', answer: encode(output, given) })
        else this.#log.write({ ...logged, state: 'fenced' })
      },
      forget: () => {
        calls.delete(requestId)
        this.#log.write({ ...logged, state: 'failed' })
      },
    }
  }

  #callsOf(principal: Principal): Map<string, Admission> {
    const caller = callerOf(principal)
    const calls = this.#callers.get(caller) ?? new Map<string, Admission>()
    this.#callers.set(caller, calls)
    this.#log.forgetBefore(this.#now())
    for (const [id, { forgottenAtMs }] of calls) {
      if (forgottenAtMs > this.#now()) break
      calls.delete(id)
    }
    return calls
  }
}

// An id is the same in letters of either case.
function keyOf({ requestId }: IdentifiedCall): string {
  return requestId.toLowerCase()
}

function callerOf(principal: Principal): string {
  return principal.type === 'user' ? `user ${principal.subject}` : `sandbox ${principal.sandboxId}`
}

function loggedAnswer({ output }: IdentifiedCall, { state, answer }: LoggedCall): object {
  if (state === 'running') {
    const text = 'the request was accepted before a restart of the gateway, and its outcome is not known'
    throw new ReasonedError(status.FAILED_PRECONDITION, text, 'REQUEST_OUTCOME_UNCERTAIN')
  }
  if (!output || answer === undefined) throw unavailableReplay()
  return fromBinary(output, Buffer.from(answer, 'base64'), { recursionLimit: 200 })
}

function unavailableReplay(): ReasonedError {
  const text = 'the request was accepted before, and its answer cannot be given again'
  return new ReasonedError(status.FAILED_PRECONDITION, text, 'REQUEST_REPLAY_UNAVAILABLE')
}

function encode(output: DescMessage, answer: object): string {
  const message = create(output, answer as MessageInitShape<DescMessage>)
  return Buffer.from(toBinary(output, message)).toString('base64')
}

function digestOf({ method, bytes }: IdentifiedCall): string {
  return createHash('sha256').update(method).update('\0').update(bytes).digest('hex')
}
