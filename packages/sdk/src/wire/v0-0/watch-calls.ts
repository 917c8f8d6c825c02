import type { SandboxAddress } from '../sandbox-address.js'
import { toWatchEvent } from '../stream-event.js'
import type { WatchCalls, WatchRequest, WireWatchEvent } from '../watch-calls.js'
import type { WireCall } from '../wire-call.js'
import { toLogLine, toPlatformEvent } from './log-line.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toSandboxInfo } from './sandbox-info.js'

const READERS = { sandbox: toSandboxInfo, log: toLogLine, event: toPlatformEvent }

export function watchCalls(client: OpenShellServiceClient): WatchCalls {
  return { terminalPhases: ['ready'], watch: (address, request, call) => watch(client, address, request, call) }
}

// Watches go to the sandbox's id.
async function* watch(
  client: OpenShellServiceClient,
  address: SandboxAddress,
  watchRequest: WatchRequest,
  call: WireCall,
): AsyncGenerator<WireWatchEvent> {
  const request = {
    id: address.id,
    followStatus: watchRequest.status,
    followLogs: watchRequest.logs,
    followEvents: watchRequest.events,
    logTailLines: watchRequest.logTailLines,
    eventTail: watchRequest.eventTail,
    logSinceMs: BigInt(watchRequest.logSince?.getTime() ?? 0),
    logSources: [...watchRequest.logSources],
    logMinLevel: watchRequest.minimumLogLevel,
    stopOnTerminal: watchRequest.stopOnTerminal,
  }
  for await (const { payload } of client.watchSandbox(request, toCallOptions(call))) {
    const event = toWatchEvent(payload, READERS)
    if (event) yield event
  }
}
