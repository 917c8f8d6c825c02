import { Metadata, type Server, status } from '@grpc/grpc-js'
import type { RawCall } from './raw-call.js'
import { requestId, requestIdHeader } from './request-id.js'

/**
 * Answers calls of methods that a server does not have as the real gateway does: UNIMPLEMENTED, without a text. `onCall` hears
 * of each, with the path that was called.
 *
 * This reaches into grpc-js. Where its inside looks different, its own answer stays: the same code, with a text.
 */
export function answerUnknownMethods(server: Server, onCall: (path: string) => void): void {
  const handlers: unknown = Reflect.get(server, 'handlers')
  if (!(handlers instanceof Map)) return
  const find = handlers.get.bind(handlers)
  const refuse = (path: string) => (call: RawCall) => {
    onCall(path)
    const metadata = new Metadata()
    metadata.set(requestIdHeader, requestId(call.metadata))
    call.emit('error', { code: status.UNIMPLEMENTED, details: '', metadata })
  }
  const same = (bytes: Buffer) => bytes
  handlers.get = (path: string) =>
    find(path) ?? { path, type: 'bidi', func: refuse(path), serialize: same, deserialize: same }
}
