import type { OpenShell, PushSandboxLogsRequest, SandboxLogLine } from '@openshell-ts/protocol/v0-0'
import type { CallContext, MethodHandlers } from '../../server/method-handlers.js'
import { invalidArgument, notFound, permissionDenied } from '../../server/status-error.js'
import { logFilter } from '../../store/log-filter.js'
import type { ApiContext } from '../api-context.js'
import { requireSandbox } from './sandbox-config.js'

const linesPerBatch = 100
const defaultLines = 2_000

/** Takes the logs that supervisors push, and shows them. */
export function sandboxLogHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { logs, sandboxes } = context.store
  return {
    pushSandboxLogs: (batches, call) => pushLogs(context, batches, call),
    getSandboxLogs: (request) => {
      if (request.sandboxId === '') throw invalidArgument('sandbox_id is required')
      if (!sandboxes.get(request.sandboxId)) throw notFound('sandbox not found')
      const wanted = logFilter({ logSources: request.sources, logMinLevel: request.minLevel })
      const tail = logs.tail(request.sandboxId, request.lines || defaultLines)
      const lines = tail.filter((line) => line.timestampMs >= request.sinceMs && wanted(line))
      return {
        logs: lines.map((line) => ({ sandboxId: request.sandboxId, ...line })),
        bufferTotal: tail.length,
      }
    },
  }
}

async function pushLogs(
  context: ApiContext,
  batches: AsyncIterator<PushSandboxLogsRequest>,
  { principal }: CallContext,
): Promise<object> {
  let sandboxId = ''
  for (let batch = await batches.next(); !batch.done; batch = await batches.next()) {
    if (batch.value.sandboxId === '') continue
    if (sandboxId === '') sandboxId = requireSandbox(context, batch.value.sandboxId, principal).id
    if (batch.value.sandboxId !== sandboxId) {
      throw permissionDenied('log stream sandbox_id changed after validation')
    }
    for (const line of batch.value.logs.slice(0, linesPerBatch)) context.store.logs.push(sandboxId, toRecord(line))
  }
  return {}
}

function toRecord({ timestampMs, level, target, message, fields }: SandboxLogLine) {
  return { timestampMs, level, target, message, source: 'sandbox', fields }
}
