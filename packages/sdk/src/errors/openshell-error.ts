/** Every kind of error that this package throws; closed, so that a `switch` over it can be exhaustive. */
export type ErrorKind =
  | 'invalid-argument'
  | 'not-found'
  | 'already-exists'
  | 'permission-denied'
  | 'failed-precondition'
  | 'conflict'
  | 'driver-config-disabled'
  | 'driver-config-rejected'
  | 'unauthenticated'
  | 'resource-exhausted'
  | 'unavailable'
  | 'tls'
  | 'timeout'
  | 'aborted'
  | 'closed'
  | 'unsupported'
  | 'unsupported-gateway'
  | 'wire-mismatch'
  | 'exec-result-unknown'
  | 'command-failed'
  | 'wait-failed'
  | 'outcome-uncertain'
  | 'configuration'
  | 'internal'

/** One problem of a request, with its place. */
export interface Violation {
  /** Path of the field, such as `spec.environment.PATH` or `driver_config.mounts[0].source`. */
  readonly field: string
  /** What is wrong and what to change; never the value itself. */
  readonly description: string
  /** UPPER_SNAKE code of the problem; absent when the other side gave none. */
  readonly reason?: string
}

/** What an error is made of; every field except `kind` and `message` may be left out. */
export interface OpenShellErrorFields {
  readonly kind: ErrorKind
  readonly message: string
  readonly hint?: string | undefined
  readonly code?: string | undefined
  readonly reason?: string | undefined
  readonly violations?: readonly Violation[] | undefined
  readonly retryAfterMs?: number | undefined
  readonly correlationId?: string | undefined
  readonly requestId?: string | undefined
  readonly rpc?: string | undefined
  readonly sandboxName?: string | undefined
  readonly gatewayVersion?: string | undefined
  readonly attempts?: number | undefined
  readonly retryable?: boolean | undefined
  readonly dispatched?: boolean | undefined
  readonly cause?: unknown
}

const brand = Symbol.for('openshell-ts.sdk.OpenShellError')

/** Base of every error that this package throws. Branch on `kind`; the text may change. */
export class OpenShellError extends Error {
  static readonly brand: symbol = brand
  override readonly name: string = 'OpenShellError'
  /** What went wrong, from a closed set. */
  readonly kind: ErrorKind
  /** What to change; absent when the message says all there is to say. */
  readonly hint?: string
  /** The gRPC status of the answer, such as `NOT_FOUND`; absent when no gateway answered. */
  readonly code?: string
  /**
   * UPPER_SNAKE reason: the one that the gateway or the driver gave, or what is wrong with a certificate, such as `AUTHORITY_EXPIRED`, or
   * the system's code. Absent when there is none.
   */
  readonly reason?: string
  /** Every problem of the request with its place; empty when the other side named none. */
  readonly violations: readonly Violation[]
  /** How long to wait at least before another try; absent when the gateway asked for nothing. */
  readonly retryAfterMs?: number
  /** The gateway's `x-request-id` of this call, for its log; absent when no gateway answered. */
  readonly correlationId?: string
  /** The id that was sent with a change, on wire line 0.1; send it again to learn what became of it. Absent for other calls. */
  readonly requestId?: string
  /** Name of the remote procedure, such as `CreateSandbox`; absent for local errors. */
  readonly rpc?: string
  /** Name of the sandbox that the call was about; absent when it was about none, or none was given. */
  readonly sandboxName?: string
  /** The gateway's version as it reported it; absent before the first answer. */
  readonly gatewayVersion?: string
  /** How many times the call was sent; 0 when it failed before the first attempt. */
  readonly attempts: number
  /**
   * True when the same call may be made again as it was: it failed for a reason that passes, and it cannot act twice, because it
   * only reads, because the gateway has not acted on it (`dispatched` is false), or because it has the caller's own `requestId`.
   * False for a change on which the gateway may have acted: on line 0.1 make it again with option `requestId` set to the `requestId`
   * of the error, on line 0.0 read the state first. False too for failures that time does not cure.
   */
  readonly retryable: boolean
  /** True when the gateway may have acted on the call, in part or as a whole; false when it cannot have. */
  readonly dispatched: boolean

  constructor(fields: OpenShellErrorFields) {
    super(`[${fields.kind}] ${fields.message}`, fields.cause === undefined ? undefined : { cause: fields.cause })
    this.kind = fields.kind
    this.violations = fields.violations ?? []
    this.attempts = fields.attempts ?? 0
    this.retryable = fields.retryable ?? false
    this.dispatched = fields.dispatched ?? false
    if (fields.hint !== undefined) this.hint = fields.hint
    if (fields.code !== undefined) this.code = fields.code
    if (fields.reason !== undefined) this.reason = fields.reason
    if (fields.retryAfterMs !== undefined) this.retryAfterMs = fields.retryAfterMs
    if (fields.correlationId !== undefined) this.correlationId = fields.correlationId
    if (fields.requestId !== undefined) this.requestId = fields.requestId
    if (fields.rpc !== undefined) this.rpc = fields.rpc
    if (fields.sandboxName !== undefined) this.sandboxName = fields.sandboxName
    if (fields.gatewayVersion !== undefined) this.gatewayVersion = fields.gatewayVersion
    for (const mark of [brand, new.target.brand]) Object.defineProperty(this, mark, { value: true })
  }

  /** `message` without the kind that it begins with, to show to people beside `hint`. */
  get plainMessage(): string {
    return this.message.replace(`[${this.kind}] `, '')
  }

  /** True for errors of this class from any copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (!Object.hasOwn(this, 'brand')) return Function.prototype[Symbol.hasInstance].call(this, value)
    return typeof value === 'object' && value !== null && Reflect.get(value, this.brand) === true
  }

  /** Safe to log: everything except `cause` and `stack`. */
  toJSON(): Record<string, unknown> {
    return { ...Object.fromEntries(Object.entries(this)), name: this.name, message: this.message }
  }
}
