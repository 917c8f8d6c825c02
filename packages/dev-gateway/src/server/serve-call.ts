import type { Readable } from 'node:stream'
import type { DescMessage, DescMethod, Message, MessageInitShape } from '@bufbuild/protobuf'
import { create } from '@bufbuild/protobuf'
import { Metadata, type ServerDuplexStream, status } from '@grpc/grpc-js'
import { encodeMessage } from '@openshell-ts/protocol/grpc'
import type { Logger } from 'pino'
import type { CallGate } from '../auth/call-gate.js'
import type { CallFollower, FollowCall } from './call-follower.js'
import { decodeMessage } from './decode-message.js'
import { dropConnection } from './drop-connection.js'
import { keepRequestsReadable } from './half-close.js'
import { refuseLargeMessages } from './message-limit.js'
import type { CallContext, ResponseStream } from './method-handlers.js'
import { requestId, requestIdHeader } from './request-id.js'
import { StatusError } from './status-error.js'

/** A call with its messages still encoded; every kind of method is served as a stream in both directions. */
export type RawCall = ServerDuplexStream<Uint8Array, Uint8Array>

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
  refuseLargeMessages(call, headers)
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
  const requests = requestIterator(method, served, base.signal)
  let context: CallContext = { ...base, requestBytes: new Uint8Array() }
  let input: unknown = requests
  if (method.methodKind === 'unary' || method.methodKind === 'server_streaming') {
    const first = await requests.next()
    if (first.done) throw new StatusError(status.INTERNAL, 'Missing request message.')
    input = first.value.message
    checkFirst(first.value.message)
    context = { ...base, requestBytes: first.value.bytes }
  } else {
    input = messagesOf(requests, checkFirst)
  }
  const output = await handler(input, context, responses)
  if (output !== undefined) await responses.send(output as never)
}

interface ReceivedMessage {
  readonly bytes: Uint8Array
  readonly message: Message
}

async function* requestIterator(
  method: DescMethod,
  { call, follower }: ServedCall,
  signal: AbortSignal,
): AsyncGenerator<ReceivedMessage, undefined> {
  try {
    // Leaving the iteration early must not destroy the call: the answer still has to be written.
    for await (const bytes of (call as unknown as Readable).iterator({ destroyOnReturn: false })) {
      const message = decodeMessage(method.input, bytes)
      follower?.request(message, bytes.length)
      yield { bytes, message }
    }
  } catch (error) {
    if (signal.aborted || call.destroyed) throw cancelled()
    throw error
  }
  return undefined
}

async function* messagesOf(
  requests: AsyncGenerator<ReceivedMessage>,
  checkFirst: (message: Message) => void,
): AsyncGenerator<Message, undefined> {
  let checked = false
  for await (const { message } of requests) {
    if (!checked) checkFirst(message)
    checked = true
    yield message
  }
  return undefined
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
  let opened = false
  let draining: Promise<void> | undefined
  const open = () => {
    if (opened || signal.aborted) return
    opened = true
    call.sendMetadata(headers)
  }
  return {
    open,
    async send(message) {
      if (signal.aborted) throw cancelled()
      open()
      const output = create(method.output, message as MessageInitShape<DescMessage>)
      const bytes = encodeMessage(method.output, output)
      follower?.response(output, bytes.length)
      if (call.write(bytes)) return
      // Senders that do not wait for each other share one wait.
      draining ??= drained(call, signal).finally(() => {
        draining = undefined
      })
      await draining
    },
  }
}

function drained(call: RawCall, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      call.off('drain', settle)
      signal.removeEventListener('abort', settle)
      if (signal.aborted) reject(cancelled())
      else resolve()
    }
    call.once('drain', settle)
    signal.addEventListener('abort', settle, { once: true })
  })
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

function cancelled(): StatusError {
  return new StatusError(status.CANCELLED, 'the call was cancelled')
}
