import type { LogCalls } from '../log-calls.js'
import { toLogLine } from './log-line.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'

export function logCalls(client: OpenShellServiceClient): LogCalls {
  return {
    // Logs go by the sandbox's id.
    async read(address, { lines, since, sources, minimumLevel }, call) {
      const request = {
        workspace: address.workspace,
        sandboxId: address.id,
        lines,
        sinceMs: BigInt(since?.getTime() ?? 0),
        sources: [...sources],
        minLevel: minimumLevel,
      }
      const { logs, bufferTotal } = await client.getSandboxLogs(request, toCallOptions(call))
      return { lines: logs.map(toLogLine), bufferTotal }
    },
  }
}
