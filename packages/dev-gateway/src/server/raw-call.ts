import type { ServerDuplexStream } from '@grpc/grpc-js'

/** A call with its messages still encoded; every kind of method is served as a stream in both directions. */
export type RawCall = ServerDuplexStream<Uint8Array, Uint8Array>
