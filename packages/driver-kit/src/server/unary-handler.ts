import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf'
import { status as codes, type handleUnaryCall } from '@grpc/grpc-js'
import { toWireStatus } from '../contract/status-error.js'
import type { DriverLogger } from '../driver/driver-logger.js'
import { LazySignal } from '../engine/lazy-signal.js'
import { secretReader } from '../secrets/secret-fields.js'
import { withSecrets } from '../secrets/secret-scope.js'
import { callSpanStarter } from './call-span.js'
import type { InFlight } from './in-flight.js'

/** What all unary handlers of a server share. */
export interface UnaryHandlers {
  readonly logger: DriverLogger
  /** Counts the calls that run. */
  readonly inFlight: InFlight
  /** Whether the server ends, so that it takes no new calls. */
  readonly draining: () => boolean
}

/** One method of a service. */
export interface UnaryMethod<Input extends DescMessage, Output extends DescMessage> {
  /** What the method does, as it completes "failed to …". */
  readonly doing: string
  readonly input: Input
  readonly output: Output
  /** Answers a request, at once when it can. `cancelled` aborts when the caller gives up. */
  answer(
    request: MessageShape<Input>,
    cancelled: LazySignal,
  ): MessageInitShape<Output> | Promise<MessageInitShape<Output>>
}

/** The handler that `@grpc/grpc-js` calls for a unary method. Requests are never logged: they carry secrets. */
export function unaryHandler<Input extends DescMessage, Output extends DescMessage>(
  { logger, inFlight, draining }: UnaryHandlers,
  method: UnaryMethod<Input, Output>,
): handleUnaryCall<MessageShape<Input>, MessageShape<Output>> {
  const readSecrets = secretReader(method.input)
  const startCallSpan = callSpanStarter()
  const inScope = (request: MessageShape<Input>, work: () => void) =>
    readSecrets === undefined ? work() : withSecrets(readSecrets(request), work)
  return (call, callback) => {
    if (draining()) {
      callback({ code: codes.UNAVAILABLE, details: 'the driver is shutting down' })
      return
    }
    const cancelled = new LazySignal()
    let answered = false
    // The event comes at the end of every call, also of one that has been answered.
    call.on('cancelled', () => {
      if (!answered) cancelled.abort()
    })
    const started = performance.now()
    const span = startCallSpan(call.getPath(), call.metadata)
    const finish = (code: codes) => {
      answered = true
      inFlight.end()
      span.end(code)
      logger.debug({ rpc: call.getPath(), code: codes[code], ms: Math.round(performance.now() - started) }, 'Answered')
    }
    const succeed = (response: MessageInitShape<Output>) => {
      finish(codes.OK)
      callback(null, create(method.output, response))
    }
    const fail = (error: unknown) => {
      const status = toWireStatus(error, method.doing, logger)
      finish(status.code)
      callback(status)
    }
    const answer = () => {
      inFlight.begin()
      const response = span.run(() => atOnce(() => method.answer(call.request, cancelled)))
      if (response instanceof Promise) response.then(succeed, fail)
      else succeed(response)
    }
    inScope(call.request, answer)
  }
}

/** What the work returns; a promise that rejects when it throws. */
function atOnce<Result>(work: () => Result | Promise<Result>): Result | Promise<Result> {
  try {
    return work()
  } catch (error) {
    return Promise.reject(error)
  }
}
