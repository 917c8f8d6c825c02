import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import type { LogCalls } from '../log-calls.js'
import { toLogLine } from './log-line.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { workspaceScope } from './workspace-scope.js'

export function logCalls(client: OpenShellServiceClient): LogCalls {
  return {
    async read({ workspace, name }, { lines, since, sources, minimumLevel }, call) {
      const request = {
        workspaceScope: workspaceScope(workspace),
        sandbox: name,
        lines,
        ...(since ? { sinceTime: timestampFromDate(since) } : {}),
        sources: [...sources],
        minLevel: minimumLevel,
      }
      const { logs, bufferTotal } = await client.getSandboxLogs(request, toCallOptions(call))
      return { lines: logs.map(toLogLine), bufferTotal }
    },
  }
}
