import { InterceptingCall, type Interceptor, Metadata, status } from '@grpc/grpc-js'

/**
 * Ends a call with CANCELLED before anything is sent.
 *
 * Starting a call and cancelling it at once is not enough: on a connected channel grpc-js has sent it by then.
 */
export const refuseCall: Interceptor = () =>
  new InterceptingCall({
    start(_metadata, listener) {
      const details = 'The signal was aborted before the call.'
      // Later, as every other outcome: the caller has no listeners on its stream yet.
      process.nextTick(() => listener?.onReceiveStatus?.({ code: status.CANCELLED, details, metadata: new Metadata() }))
    },
    cancelWithStatus() {},
    sendMessage() {},
    sendMessageWithContext() {},
    startRead() {},
    halfClose() {},
    getPeer: () => 'none',
    getAuthContext: () => null,
  })
