import type { DescMessage, DescMethod, Message, MessageInitShape } from '@bufbuild/protobuf'
import { create } from '@bufbuild/protobuf'
import { Metadata, status } from '@grpc/grpc-js'
import { encodeMessageParts } from '@openshell-ts/protocol/grpc'
import type { Logger } from 'pino'
import type { CallGate } from '../auth/call-gate.js'
import { callCancelled, StatusError } from '../errors/status-error.js'
import type { CallFollower, FollowCall } from './call-follower.js'
import { dropConnection } from './drop-connection.js'
import { keepRequestsReadable } from './half-close.js'
import type { CallContext, ResponseStream } from './method-handlers.js'
import type { RawCall } from './raw-call.js'
import { requestId, requestIdHeader } from './request-id.js'
import { RequestMessages } from './request-messages.js'
import { responseFrames, totalLength } from './response-frames.js'

/** Implements one method of any kind behind one signature. */
export type AnyHandler = (
  input: unknown,
  context: CallContext,
  responses: ResponseStream<never>,
) => Promise<object | undefined> | object | undefined

/** What serving needs besides the handler. */
export interface ServeCallOptions {
  readonly gate: CallGate
  readonly logger: Logger
  /** Adds to a refusal what the clients of the served line read besides code and text. */
  readonly explain: (error: StatusError) => StatusError
  /** Looks on at every call. */
  readonly follow?: FollowCall | undefined
}

/** Runs one call to its end. Never rejects: whatever a handler throws becomes the call's status. */
export async function serveCall(
  method: DescMethod,
  handler: AnyHandler,
  call: RawCall,
  options: ServeCallOptions,
): Promise<void> {
  const headers = new Metadata()
  headers.set(requestIdHeader, requestId(call.metadata))
  const aborter = new AbortController()
  const follower = options.follow?.(method)
  let finished = false
  call.once('cancelled', () => {
    if (finished) return
    aborter.abort()
    follower?.end({ code: status.CANCELLED, details: '' })
  })
  try {
    const principal = await options.gate.enter(method, {
      metadata: call.metadata,
      certificateName: () => certificateName(call),
    })
    follower?.identify(principal)
    const context = {
      principal,
      signal: aborter.signal,
      setHeader: (name: string, value: string) => headers.set(name, value),
      keepRequestsReadable: () => keepRequestsReadable(call),
      dropConnection: () => {
        aborter.abort()
        dropConnection(call)
      },
    }
    await answer(method, handler, { call, headers, follower }, context, (first) =>
      options.gate.open(method, principal, first),
    )
    finished = true
    follower?.end()
    if (!aborter.signal.aborted) call.end()
  } catch (error) {
    finished = true
    const refusal = options.explain(toStatusError(error, method, options.logger))
    follower?.end(refusal)
    if (!aborter.signal.aborted) fail(call, refusal, headers)
  }
}

interface ServedCall {
  readonly call: RawCall
  readonly headers: Metadata
  readonly follower: CallFollower | undefined
}

async function answer(
  method: DescMethod,
  handler: AnyHandler,
  served: ServedCall,
  base: Omit<CallContext, 'requestBytes'>,
  checkFirst: (message: Message) => void,
): Promise<void> {
  const responses = responseStream(method, served, base.signal)
  const requests = new RequestMessages(method.input, served.call, {
    follower: served.follower,
    signal: base.signal,
    checkFirst,
  })
  let context: CallContext = { ...base, requestBytes: new Uint8Array() }
  let input: unknown = requests
  if (method.methodKind === 'unary' || method.methodKind === 'server_streaming') {
    const first = await requests.next()
    if (first.done) throw new StatusError(status.INTERNAL, 'Missing request message.')
    input = first.value
    context = { ...base, requestBytes: requests.lastBytes }
    // A call begins when its request has ended. Further messages mean nothing, unless they cannot be read.
    while (!(await requests.next()).done);
  }
  const output = await handler(input, context, responses)
  // One signature stands for the handlers of all methods, and so names no output; this one is the method's.
  if (output !== undefined) await responses.send(output as never)
}

function certificateName(call: RawCall): string | undefined {
  const name: unknown = call.getAuthContext().sslPeerCertificate?.subject.CN
  return typeof name === 'string' ? name : undefined
}

function responseStream(
  method: DescMethod,
  { call, headers, follower }: ServedCall,
  signal: AbortSignal,
): ResponseStream<never> {
  const frames = responseFrames(call, signal)
  let opened = false
  const open = () => {
    if (opened || signal.aborted) return
    opened = true
    call.sendMetadata(headers)
  }
  return {
    open,
    async send(message) {
      if (signal.aborted) throw callCancelled()
      open()
      const output = create(method.output, message as MessageInitShape<DescMessage>)
      const parts = encodeMessageParts(method.output, output)
      follower?.response(output, totalLength(parts))
      await frames.send(parts)
    },
  }
}

function fail(call: RawCall, error: StatusError, headers: Metadata): void {
  const metadata = error.metadata.clone()
  metadata.set(requestIdHeader, headers.get(requestIdHeader)[0] ?? '')
  call.emit('error', { code: error.code, details: error.details, metadata })
}

function toStatusError(error: unknown, method: DescMethod, logger: Logger): StatusError {
  if (error instanceof StatusError) return error
  logger.error({ err: error, method: method.name }, 'A handler failed unexpectedly')
  return new StatusError(status.INTERNAL, `${method.name} failed unexpectedly; the gateway's log has the reason`)
}
