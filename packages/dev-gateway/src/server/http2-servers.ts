import type { Http2Server } from 'node:http2'
import type { Server } from '@grpc/grpc-js'

/**
 * The HTTP/2 servers on which a gRPC server listens, one for each address that it is bound to.
 *
 * This reaches into grpc-js. Where its inside looks different, there are none.
 */
export function http2Servers(server: Server): readonly Http2Server[] {
  const listeners: unknown = Reflect.get(server, 'http2Servers')
  return listeners instanceof Map ? [...(listeners.keys() as Iterable<Http2Server>)] : []
}
