import { timestampMs } from '@bufbuild/protobuf/wkt'
import type { OpenShell, SandboxLogLine } from '@openshell-ts/protocol/v0-1'
import { readLogs, takeLogs } from '../../logs/sandbox-logs.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { ApiContext } from '../api-context.js'
import { findSandbox } from './find-sandbox.js'
import { toLogLine } from './to-event.js'
import { toMilliseconds } from './to-timestamp.js'

/** Takes the logs that supervisors push, and shows them. */
export function sandboxLogHandlers(context: ApiContext): MethodHandlers<typeof OpenShell> {
  const { store } = context
  return {
    pushSandboxLogs: async (batches, { principal }) => {
      await takeLogs(store, principal, batches, ({ sandboxId, logs }) => ({ sandboxId, lines: logs.map(toRecord) }))
      return {}
    },
    getSandboxLogs: (request) => {
      const { id } = findSandbox(context, request.workspaceScope, request.sandbox, 'sandbox is required')
      const sinceMs = BigInt(Math.floor(toMilliseconds('since_time', request.sinceTime)))
      const { lines, bufferTotal } = readLogs(store, id, { ...request, sinceMs })
      return { logs: lines.map((line) => toLogLine(id, line)), bufferTotal }
    },
  }
}

function toRecord({ eventTime, level, target, message, fields }: SandboxLogLine) {
  const atMs = BigInt(eventTime ? Math.floor(timestampMs(eventTime)) : 0)
  return { timestampMs: atMs, level, target, message, fields }
}
