import { status as codes, type Metadata } from '@grpc/grpc-js'
import {
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  trace,
} from '@opentelemetry/api'

/** The span of one call. It costs next to nothing until the application sets OpenTelemetry up. */
export interface CallSpan {
  /** Runs the call's work with the span as the current one, so that spans of handlers hang below it. */
  run<Result>(work: () => Result): Result
  /** Ends the span with the call's status. */
  end(code: codes): void
}

const headers: TextMapGetter<Metadata> = {
  keys: (metadata) => Object.keys(metadata.getMap()),
  get: (metadata, key) => metadata.get(key).map(String),
}

/** Statuses that tell of a fault of the server, in the sense of OpenTelemetry's conventions. */
const serverFaults = new Set([
  codes.UNKNOWN,
  codes.DEADLINE_EXCEEDED,
  codes.UNIMPLEMENTED,
  codes.INTERNAL,
  codes.UNAVAILABLE,
  codes.DATA_LOSS,
])

/** Starts the span of one call. */
export type StartCallSpan = (path: string, metadata: Metadata) => CallSpan

/**
 * What starts the spans of calls, with the tracing that the application has set up by then. A gateway that exports traces
 * names its own span in the metadata, and becomes the parent.
 */
export function callSpanStarter(): StartCallSpan {
  const tracer = trace.getTracer('@openshell-ts/driver-kit')
  return (path, metadata) => {
    const parent = propagation.extract(ROOT_CONTEXT, metadata, headers)
    const [, service = '', method = ''] = path.split('/')
    const attributes = { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method }
    const span = tracer.startSpan(`${service}/${method}`, { kind: SpanKind.SERVER, attributes }, parent)
    // Nobody traces, so there is nothing to hand on. A span that is only left out of the export is handed on all the same.
    if (parent === ROOT_CONTEXT && !isSpanContextValid(span.spanContext())) return untraced
    return {
      run: (work) => context.with(trace.setSpan(parent, span), work),
      end(code) {
        span.setAttribute('rpc.grpc.status_code', code)
        if (serverFaults.has(code)) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      },
    }
  }
}

const untraced: CallSpan = {
  run: (work) => work(),
  end: () => undefined,
}
