import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import type { SandboxAddress } from '../sandbox-address.js'
import { toWatchEvent } from '../stream-event.js'
import type { WatchCalls, WatchRequest, WireWatchEvent } from '../watch-calls.js'
import type { WireCall } from '../wire-call.js'
import { toLogLine, toPlatformEvent } from './log-line.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toSandboxInfo } from './sandbox-info.js'
import { workspaceScope } from './workspace-scope.js'

const READERS = { sandbox: toSandboxInfo, log: toLogLine, event: toPlatformEvent }

export function watchCalls(client: OpenShellServiceClient): WatchCalls {
  return {
    terminalPhases: ['ready', 'completed', 'stopped', 'error'],
    watch: (address, request, call) => watch(client, address, request, call),
  }
}

async function* watch(
  client: OpenShellServiceClient,
  { workspace, name }: SandboxAddress,
  { logSince, ...watchRequest }: WatchRequest,
  call: WireCall,
): AsyncGenerator<WireWatchEvent> {
  const request = {
    workspaceScope: workspaceScope(workspace),
    sandbox: name,
    followStatus: watchRequest.status,
    followLogs: watchRequest.logs,
    followEvents: watchRequest.events,
    logTailLines: watchRequest.logTailLines,
    eventTail: watchRequest.eventTail,
    ...(logSince ? { sinceTime: timestampFromDate(logSince) } : {}),
    logSources: [...watchRequest.logSources],
    logMinLevel: watchRequest.minimumLogLevel,
    resumeAfterCursor: watchRequest.resumeAfterCursor,
    stopOnTerminal: watchRequest.stopOnTerminal,
  }
  for await (const { payload, cursor } of client.watchSandbox(request, toCallOptions(call))) {
    const event = toWatchEvent(payload, READERS)
    if (event) yield cursor === '' || event.type === 'status' || event.type === 'warning' ? event : { ...event, cursor }
  }
}
