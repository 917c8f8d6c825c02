import type { DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import type { Principal } from '../auth/principal.js'

/** What a handler knows about its call besides the messages. */
export interface CallContext {
  /** Who calls. */
  readonly principal: Principal
  /** Aborts when the caller cancelled, its deadline passed, or its connection is gone. */
  readonly signal: AbortSignal
  /** The encoded request of a call with one request message; empty for request streams. */
  readonly requestBytes: Uint8Array
  /** Adds a header to the answer, as long as nothing of it was sent. */
  readonly setHeader: (name: string, value: string) => void
  /**
   * Lets the request stream be read after the handler has returned, so that the two directions end apart. Returns what ends
   * the call early then; without it the caller decides how long the call lasts.
   */
  readonly keepRequestsReadable: () => () => void
  /** Cuts the caller's connection, with all calls on it. Nothing is answered. */
  readonly dropConnection: () => void
}

/** Sends the messages of an answer that is a stream. */
export interface ResponseStream<Output> {
  /** Sends the headers now. Peers that wait for headers before they send need this when no message comes soon. */
  open(): void
  /** Sends one message. Resolves when the transport takes more; rejects with CANCELLED when the caller is gone. */
  send(message: Output): Promise<void>
}

/** One method's implementation, in the form that its kind needs. A `StatusError` that it throws becomes the answer. */
export type MethodHandler<Method extends DescMethod> = Method extends { methodKind: 'unary' }
  ? (
      request: MessageShape<Method['input']>,
      context: CallContext,
    ) => MessageInitShape<Method['output']> | Promise<MessageInitShape<Method['output']>>
  : Method extends { methodKind: 'server_streaming' }
    ? (
        request: MessageShape<Method['input']>,
        context: CallContext,
        responses: ResponseStream<MessageInitShape<Method['output']>>,
      ) => Promise<void>
    : Method extends { methodKind: 'client_streaming' }
      ? (
          requests: AsyncIterator<MessageShape<Method['input']>>,
          context: CallContext,
        ) => Promise<MessageInitShape<Method['output']>>
      : (
          requests: AsyncIterator<MessageShape<Method['input']>>,
          context: CallContext,
          responses: ResponseStream<MessageInitShape<Method['output']>>,
        ) => Promise<void>

/** Implementations of some of a service's methods; the others answer UNIMPLEMENTED. */
export type MethodHandlers<Service extends DescService> = {
  readonly [Name in keyof Service['method']]?: MethodHandler<Service['method'][Name]>
}
