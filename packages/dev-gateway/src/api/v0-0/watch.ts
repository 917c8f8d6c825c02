import type { MessageInitShape } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import type { SandboxStreamEventSchema } from '@openshell-ts/protocol/v0-0'
import { type OpenShell, SandboxPhase, type WatchSandboxRequest } from '@openshell-ts/protocol/v0-0'
import { EventQueue } from '../../server/event-queue.js'
import type { CallContext, MethodHandlers, ResponseStream } from '../../server/method-handlers.js'
import { invalidArgument, notFound, StatusError } from '../../server/status-error.js'
import type { LogLineRecord } from '../../store/gateway-store.js'
import type { SandboxRow } from '../../store/sandbox-row.js'
import type { ApiContext } from '../api-context.js'
import { logFilter } from './log-filter.js'
import { toSandbox } from './to-sandbox.js'

type WatchEvent = MessageInitShape<typeof SandboxStreamEventSchema>

const queueCapacity = 1_152
const defaultLogTail = 200

/** Follows one sandbox. */
export function watchHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    watchSandbox: async (request, call, responses) => {
      if (request.id === '') throw invalidArgument('id is required')
      const row = context.store.sandboxes.get(request.id)
      if (!row) throw notFound('sandbox not found')
      await watch(context, request, row, call, responses)
    },
  }
}

async function watch(
  context: ApiContext,
  request: WatchSandboxRequest,
  row: SandboxRow,
  { signal }: CallContext,
  responses: ResponseStream<WatchEvent>,
): Promise<void> {
  const queue = new EventQueue<WatchEvent | 'removed'>(queueCapacity)
  const stop = follow(context, request, queue)
  signal.addEventListener('abort', () => queue.end(), { once: true })
  try {
    await responses.send(statusEvent(row))
    if (request.stopOnTerminal && row.status.phase === SandboxPhase.READY) return
    for (const event of tail(context, request)) await responses.send(event)
    for (let event = await queue.next(); event !== undefined; event = await queue.next()) {
      if (event === 'removed') return endOfRemoved(request)
      await responses.send(event)
      if (request.stopOnTerminal && isReady(event)) return
    }
    if (queue.dropped > 0) {
      throw new StatusError(status.RESOURCE_EXHAUSTED, `watch stream lagged; dropped ${queue.dropped} messages`)
    }
  } finally {
    stop()
  }
}

function follow(
  { store }: ApiContext,
  request: WatchSandboxRequest,
  queue: EventQueue<WatchEvent | 'removed'>,
): () => void {
  const { id, followStatus, followLogs, followEvents } = request
  const wanted = logFilter(request)
  const stops = [
    store.sandboxes.subscribe(id, (event) => {
      if (event.type === 'written') {
        if (followStatus) queue.push(statusEvent(event.row))
      } else if (followStatus || followLogs || followEvents) queue.push('removed')
    }),
  ]
  if (followLogs) {
    stops.push(store.logs.subscribe(id, (line) => wanted(line) && queue.push(logEvent(id, line))))
  }
  if (followEvents) {
    stops.push(store.platformEvents.subscribe(id, (value) => queue.push({ payload: { case: 'event', value } })))
  }
  return () => {
    for (const stop of stops) stop()
    queue.end()
  }
}

function tail({ store }: ApiContext, request: WatchSandboxRequest): WatchEvent[] {
  const events: WatchEvent[] = []
  if (request.followLogs) {
    const wanted = logFilter(request)
    const lines = store.logs.tail(request.id, request.logTailLines || defaultLogTail)
    for (const line of lines) {
      if (line.timestampMs >= request.logSinceMs && wanted(line)) events.push(logEvent(request.id, line))
    }
  }
  if (request.followEvents) {
    for (const value of store.platformEvents.tail(request.id, request.eventTail)) {
      events.push({ payload: { case: 'event', value } })
    }
  }
  return events
}

// What the real gateway answers depends on which of its queues closes first; with the status followed it mostly is this one.
function endOfRemoved(request: WatchSandboxRequest): void {
  if (!request.followStatus) throw new StatusError(status.CANCELLED, 'stream closed')
}

function statusEvent(row: SandboxRow): WatchEvent {
  return { payload: { case: 'sandbox', value: toSandbox(row) } }
}

function logEvent(sandboxId: string, line: LogLineRecord): WatchEvent {
  return { payload: { case: 'log', value: { sandboxId, ...line } } }
}

function isReady(event: WatchEvent): boolean {
  return event.payload?.case === 'sandbox' && event.payload.value.status?.phase === SandboxPhase.READY
}
