import type { JsonValue } from '@bufbuild/protobuf'

/** One call, the start or the end of a stream, or one event of the driver's watch, as a trace shows it. */
export interface TraceEntry {
  /** When it began; for an event of a stream, and for its end, when that was. */
  readonly time: Date
  /** Who is at the other end: the gateway is called by clients and supervisors, and calls its driver. */
  readonly side: 'client' | 'driver' | 'supervisor'
  readonly type: 'call' | 'stream-start' | 'stream-event' | 'stream-end'
  readonly method: string
  /** Who calls; empty when the call ended before that was known. */
  readonly who: string
  /** The sandbox that it is about, by name or by id; empty when there is none. */
  readonly sandbox: string
  /** Name of the gRPC code; empty before the end of a stream. */
  readonly status: string
  /** The text of a refusal; empty for a success. */
  readonly message: string
  /** How long it took, in milliseconds; 0 before the end of a stream. */
  readonly durationMs: number
  /** Bytes of all messages so far that went to whoever is called. */
  readonly requestBytes: number
  /** Bytes of all messages so far that came back. */
  readonly responseBytes: number
  /** The only request, without secrets, or the outline of a large one; absent for a stream of them. */
  readonly request?: JsonValue
  /** The only answer, or the event, likewise. */
  readonly response?: JsonValue
}
