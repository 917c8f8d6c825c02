import { Code, ConnectError } from '@connectrpc/connect'
import { isPassing } from '../errors/is-passing.js'
import { type ErrorKind, OpenShellError, type OpenShellErrorFields } from '../errors/openshell-error.js'
import { restateError } from '../errors/restate-error.js'
import { floorHint } from '../wire/feature-floors.js'
import { NO_DETAILS, type StatusDetails } from '../wire/status-details.js'
import {
  failedToConnect,
  isRefusedStream,
  isSocketCode,
  isTlsCode,
  type NodeErrorCodes,
  nodeErrorsOf,
} from './error-codes.js'
import { type ForeignAnswer, foreignAnswerOf } from './foreign-answer.js'
import { ownErrorIn } from './own-error.js'
import type { RpcContext } from './rpc-context.js'
import { STATUS_RULES, statusName } from './status-rules.js'
import { explainTlsFailure } from './tls-failure.js'
import { isWireMismatch } from './wire-mismatch.js'

/**
 * Turns whatever connect throws into this package's error: the only place that looks at gRPC codes. The order matters,
 * because a lost connection and an abort carry the same code, and a TLS failure arrives as an internal error.
 */
export function classifyConnectError(error: unknown, context: RpcContext): OpenShellError {
  if (error instanceof OpenShellError) return error
  const { rpc, sandboxName, gatewayVersion, attempts, requestId, repeatable, dispatchedBefore = false } = context
  const own = ownErrorIn(error)
  if (own && !context.signal?.aborted && !context.closed.aborted) {
    return dispatchedBefore ? restateError(own, { dispatched: true, retryable: own.retryable && repeatable }) : own
  }
  const fields = localFailure(error, context) ?? answered(error, context)
  const dispatched = dispatchedBefore || fields.dispatched === true
  const passing = isPassing(fields)
  const hint = passing && dispatched && !repeatable ? repeatHint(requestId) : fields.hint
  const retryable = passing && (repeatable || !dispatched)
  const common = { rpc, sandboxName, gatewayVersion, attempts, requestId }
  return new OpenShellError({ ...common, ...fields, hint, retryable, dispatched })
}

function repeatHint(requestId: string | undefined): string {
  return requestId === undefined
    ? 'The gateway may have acted: read the state before you make the call again.'
    : "The gateway may have acted. Make the call again with option requestId set to this error's requestId: it then happens once."
}

function localFailure(error: unknown, context: RpcContext): OpenShellErrorFields | undefined {
  if (context.signal?.aborted) return abortFields(context.signal.reason, context)
  if (context.closed.aborted) return closedFields(context)
  const chain = nodeErrorsOf(error)
  const tls = chain.find(({ code }) => isTlsCode(code))
  if (tls) return tlsFields(tls, error, context)
  const socket = chain.find(({ code }) => isSocketCode(code))
  if (socket) return lostFields(socket, error, context)
  if (isUnaskedCancel(error)) return lostFields(undefined, error, context)
  if (isOwnDeadline(error)) return deadlineFields(error, context)
  const foreign = foreignAnswerOf(error)
  return foreign && foreignFields(foreign, error, context)
}

/** An abort by the caller: `timeout` when its reason is a `TimeoutError`. */
export function abortFields(reason: unknown, { rpc, attempts }: RpcContext): OpenShellErrorFields {
  const timedOut = reason instanceof Error && reason.name === 'TimeoutError'
  return {
    kind: timedOut ? 'timeout' : 'aborted',
    message: timedOut
      ? `${rpc}: the time limit of the given signal ran out.`
      : `${rpc} was aborted by the given signal.`,
    dispatched: attempts > 0,
    cause: reason,
  }
}

/** A call on a client that is closed. */
export function closedFields({ rpc, attempts }: RpcContext): OpenShellErrorFields {
  return {
    kind: 'closed',
    message: `${rpc}: the client is closed.`,
    hint: 'Call close() after the last call, or connect a new client.',
    dispatched: attempts > 0,
  }
}

function tlsFields(cause: NodeErrorCodes, error: unknown, context: RpcContext): OpenShellErrorFields {
  const { reason, says, hint } = explainTlsFailure(cause.code)
  const why = says === undefined ? '' : `: ${says}`
  return {
    kind: 'tls',
    message: `${context.rpc}: no secure connection to ${context.endpoint}${why} (${cause.code}).`,
    hint,
    reason,
    cause: error,
  }
}

function lostFields(cause: NodeErrorCodes | undefined, error: unknown, context: RpcContext): OpenShellErrorFields {
  const unconnected = cause !== undefined && failedToConnect(cause)
  const code = cause ? ` (${cause.code})` : ''
  return {
    kind: 'unavailable',
    message: unconnected
      ? `${context.rpc}: no connection to ${context.endpoint}${code}.`
      : `${context.rpc}: the connection to ${context.endpoint} was lost${code}.`,
    hint: unconnected
      ? 'Check that a gateway listens at this endpoint.'
      : context.endpoint.startsWith('https:')
        ? 'Check that the endpoint is an OpenShell gateway, and that it trusts the client certificate.'
        : 'Check that the endpoint is an OpenShell gateway, and that its scheme (http or https) is right.',
    dispatched: !unconnected && !isRefusedStream(error),
    cause: error,
  }
}

function isOwnDeadline(error: unknown): boolean {
  return error instanceof ConnectError && error.code === Code.DeadlineExceeded && !error.metadata.has('grpc-status')
}

function deadlineFields(cause: unknown, { rpc, timeoutOption, attempts }: RpcContext): OpenShellErrorFields {
  return {
    kind: 'timeout',
    message: `${rpc}: no answer within the time limit (${timeoutOption}).`,
    hint: 'The gateway may still act on the call. Raise the option named here if it needs more time.',
    dispatched: attempts > 0,
    cause,
  }
}

function foreignFields(answer: ForeignAnswer, cause: unknown, { rpc, endpoint }: RpcContext): OpenShellErrorFields {
  const { httpStatus, wantsLogin, passing } = answer
  return {
    kind: passing ? 'unavailable' : wantsLogin ? 'unauthenticated' : 'configuration',
    message: `${rpc}: ${endpoint} answered HTTP ${httpStatus}, and not as a gateway does.`,
    hint: wantsLogin
      ? 'A proxy in front of the gateway wants a login: use option auth with type edge, or log in again.'
      : passing
        ? 'A proxy answers in place of the gateway. Check that the gateway runs.'
        : 'Check the endpoint: another server listens there, or a proxy shows a page in place of the gateway.',
    // A proxy that lost the gateway may have handed the call on before.
    dispatched: passing,
    cause,
  }
}

// The gateway's own CANCELLED carries a status; a lost stream does not.
function isUnaskedCancel(error: unknown): boolean {
  return error instanceof ConnectError && error.code === Code.Canceled && !error.metadata.has('grpc-status')
}

function answered(error: unknown, context: RpcContext): OpenShellErrorFields {
  if (!(error instanceof ConnectError)) {
    return { kind: 'internal', message: `${context.rpc} failed inside this package.`, dispatched: true, cause: error }
  }
  const { code, metadata } = error
  const details = decode(error, context)
  const rule = STATUS_RULES[code]
  const meaning = meaningOf(error, details, context)
  return {
    kind: meaning?.kind ?? rule.kind,
    message: describe(error, context),
    hint: meaning?.hint,
    // What failed on this side has a code too, and no answer.
    code: metadata.has('grpc-status') ? statusName(code) : undefined,
    reason: details.reason,
    violations: details.violations,
    retryAfterMs: details.retryAfterMs,
    correlationId: metadata.get('x-request-id') ?? undefined,
    dispatched: rule.dispatched && !isAbove('writeMaxBytes', error),
    cause: error,
  }
}

interface Meaning {
  /** Absent when it is that of the code. */
  readonly kind?: ErrorKind
  readonly hint?: string | undefined
}

// What an answer means beyond its code.
function meaningOf(
  error: ConnectError,
  { reason }: StatusDetails,
  { rpc, gatewayVersion }: RpcContext,
): Meaning | undefined {
  if (isWireMismatch(error)) {
    return {
      kind: 'wire-mismatch',
      hint: 'The gateway speaks another wire line than this client assumed; the next call asks for its version again.',
    }
  }
  if (isAbove('writeMaxBytes', error)) return { kind: 'invalid-argument' }
  if (isAbove('readMaxBytes', error)) return { kind: 'invalid-argument', hint: 'Ask for less at a time.' }
  if (error.code === Code.Unimplemented) return { hint: floorHint(rpc, gatewayVersion) }
  if (error.code === Code.Unauthenticated) {
    return {
      kind: 'unauthenticated',
      hint: 'Say who you are with option auth, or log in with the command line tool and use OpenShellClient.fromGateway().',
    }
  }
  switch (reason) {
    case 'REQUEST_OUTCOME_UNCERTAIN':
    case 'REQUEST_REPLAY_UNAVAILABLE':
      return {
        kind: 'outcome-uncertain',
        hint: 'The gateway took the call before and cannot answer it again: read the state, do not repeat the call.',
      }
    case 'REQUEST_ID_PAYLOAD_MISMATCH':
      return { kind: 'invalid-argument', hint: 'Option requestId was used for another request: take a new one.' }
    case 'RESOURCE_VERSION_CONFLICT':
      return { kind: 'conflict', hint: 'Somebody else changed it first: read it again and apply the change to that.' }
    default:
      return undefined
  }
}

function decode({ code, rawMessage, metadata }: ConnectError, { decodeDetails }: RpcContext): StatusDetails {
  const header = metadata.get('grpc-status-details-bin')
  return header === null || !decodeDetails ? NO_DETAILS : decodeDetails(header, code, rawMessage)
}

function describe({ code, rawMessage }: ConnectError, { rpc }: RpcContext): string {
  return `${rpc}: ${rawMessage === '' ? `the gateway answered ${statusName(code)} without a message` : rawMessage}`
}

// Limits of this side: a request above the gateway's own is not sent, and a reply is as large when it comes again.
function isAbove(limit: 'writeMaxBytes' | 'readMaxBytes', { code, rawMessage, metadata }: ConnectError): boolean {
  return code === Code.ResourceExhausted && rawMessage.includes(limit) && !metadata.has('grpc-status')
}
