import type { MessageInitShape } from '@bufbuild/protobuf'
import { status } from '@grpc/grpc-js'
import type { SandboxStreamEventSchema } from '@openshell-ts/protocol/v0-0'
import { type OpenShell, SandboxPhase, type WatchSandboxRequest } from '@openshell-ts/protocol/v0-0'
import { invalidArgument, notFound, StatusError } from '../../errors/status-error.js'
import type { SandboxRow } from '../../records/sandbox-row.js'
import type { CallContext, MethodHandlers, ResponseStream } from '../../server/method-handlers.js'
import { type SandboxEvent, watchSandbox } from '../../watch/watch-sandbox.js'
import type { ApiContext } from '../api-context.js'
import { toSandbox } from './to-sandbox.js'

type WatchEvent = MessageInitShape<typeof SandboxStreamEventSchema>

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
  { store }: ApiContext,
  request: WatchSandboxRequest,
  row: SandboxRow,
  { signal }: CallContext,
  responses: ResponseStream<WatchEvent>,
): Promise<void> {
  const events = watchSandbox(store, row, {
    ...request,
    logTailLines: request.logTailLines || defaultLogTail,
    endsAfter: ({ status: { phase } }) => request.stopOnTerminal && phase === SandboxPhase.READY,
    signal,
  })
  for await (const event of events) {
    if (event.type === 'lagged') {
      throw new StatusError(status.RESOURCE_EXHAUSTED, `watch stream lagged; dropped ${event.dropped} messages`)
    }
    if (event.type === 'removed') endOfRemoved(request)
    else await responses.send(toEvent(row.id, event))
  }
}

// What the real gateway answers depends on which of its queues closes first; with the status followed it mostly is this one.
function endOfRemoved(request: WatchSandboxRequest): void {
  if (!request.followStatus) throw new StatusError(status.CANCELLED, 'stream closed')
}

function toEvent(sandboxId: string, event: Exclude<SandboxEvent, { type: 'lagged' | 'removed' }>): WatchEvent {
  switch (event.type) {
    case 'status':
      return { payload: { case: 'sandbox', value: toSandbox(event.row) } }
    case 'log':
      return { payload: { case: 'log', value: { sandboxId, ...event.line } } }
    case 'platform':
      return { payload: { case: 'event', value: event.event } }
  }
}
