import type { MessageInitShape } from '@bufbuild/protobuf'
import type { OpenShell, SandboxStreamEventSchema, WatchSandboxRequest } from '@openshell-ts/protocol/v0-1'
import { SandboxPhase } from '@openshell-ts/protocol/v0-1'
import type { SandboxRow } from '../../records/sandbox-row.js'
import type { CallContext, MethodHandlers, ResponseStream } from '../../server/method-handlers.js'
import type { GatewayStore } from '../../store/gateway-store.js'
import { type CursorPlace, readCursor, writeCursor } from '../../watch/cursor.js'
import { type SandboxEvent, watchSandbox } from '../../watch/watch-sandbox.js'
import type { ApiContext } from '../api-context.js'
import { findSandbox } from './find-sandbox.js'
import { toLogLine, toPlatformEvent } from './to-event.js'
import { toSandbox } from './to-sandbox.js'
import { toMilliseconds } from './to-timestamp.js'

type WatchEvent = MessageInitShape<typeof SandboxStreamEventSchema>

const defaultLogTail = 200
const everything = Number.MAX_SAFE_INTEGER

const terminalPhases = new Set<number>([
  SandboxPhase.READY,
  SandboxPhase.COMPLETED,
  SandboxPhase.STOPPED,
  SandboxPhase.ERROR,
])

/** Follows one sandbox. */
export function watchHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    watchSandbox: async (request, call, responses) => {
      const row = findSandbox(context, request.workspaceScope, request.sandbox, 'sandbox is required')
      await watch(context, request, row, call, responses)
    },
  }
}

async function watch(
  { store }: ApiContext,
  request: WatchSandboxRequest,
  row: SandboxRow,
  { signal }: CallContext,
  responses: ResponseStream<WatchEvent>,
): Promise<void> {
  const place = { run: store.run, sandboxId: row.id }
  const resumed = request.resumeAfterCursor !== ''
  const afterPosition = resumed ? readCursor(request.resumeAfterCursor, place) : 0
  const events = watchSandbox(store, row, {
    ...request,
    // Who goes on after a cursor gets all that came since, whatever tails the request asks for.
    logTailLines: resumed ? everything : request.logTailLines || defaultLogTail,
    eventTail: resumed ? everything : request.eventTail,
    logSinceMs: BigInt(Math.floor(toMilliseconds('since_time', request.sinceTime))),
    afterPosition,
    endsAfter: ({ status }) => request.stopOnTerminal && terminalPhases.has(status.phase),
    signal,
  })
  for await (const event of events) {
    if (event.type !== 'removed') await responses.send(toEvent(store, place, event))
  }
}

function toEvent(
  store: GatewayStore,
  place: CursorPlace,
  event: Exclude<SandboxEvent, { type: 'removed' }>,
): WatchEvent {
  switch (event.type) {
    case 'status':
      return { payload: { case: 'sandbox', value: toSandbox(event.row) } }
    case 'log': {
      const cursor = writeCursor(store.logs.positionOf(event.line), place)
      return { payload: { case: 'log', value: toLogLine(place.sandboxId, event.line) }, cursor }
    }
    case 'platform': {
      const cursor = writeCursor(store.platformEvents.positionOf(event.event), place)
      return { payload: { case: 'event', value: toPlatformEvent(event.event) }, cursor }
    }
    case 'lagged':
      return {
        payload: { case: 'warning', value: { message: `watch stream lagged; dropped ${event.dropped} messages` } },
      }
  }
}
