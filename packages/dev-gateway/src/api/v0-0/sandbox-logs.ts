import type { OpenShell, SandboxLogLine } from '@openshell-ts/protocol/v0-0'
import { readLogs, requireLogged, takeLogs } from '../../logs/sandbox-logs.js'
import type { MethodHandlers } from '../../server/method-handlers.js'
import type { ApiContext } from '../api-context.js'

/** Takes the logs that supervisors push, and shows them. */
export function sandboxLogHandlers({ store }: ApiContext): MethodHandlers<typeof OpenShell> {
  return {
    pushSandboxLogs: async (batches, { principal }) => {
      await takeLogs(store, principal, batches, ({ sandboxId, logs }) => ({ sandboxId, lines: logs.map(toRecord) }))
      return {}
    },
    getSandboxLogs: (request) => {
      const { sandboxId } = request
      requireLogged(store, sandboxId)
      const { lines, bufferTotal } = readLogs(store, sandboxId, request)
      return { logs: lines.map((line) => ({ sandboxId, ...line })), bufferTotal }
    },
  }
}

function toRecord({ timestampMs, level, target, message, fields }: SandboxLogLine) {
  return { timestampMs, level, target, message, fields }
}
