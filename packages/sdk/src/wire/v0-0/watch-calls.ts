import type { SandboxLogLine, PlatformEvent as WirePlatformEvent } from '@openshell-ts/protocol/v0-0'
import type { LogLine, PlatformEvent } from '../../watch/watch-event.js'
import type { SandboxAddress } from '../sandbox-address.js'
import type { WatchCalls, WatchRequest, WireWatchEvent } from '../watch-calls.js'
import type { WireCall } from '../wire-call.js'
import { type OpenShellServiceClient, toCallOptions } from './open-shell-client.js'
import { toSandboxInfo } from './sandbox-info.js'

export function watchCalls(client: OpenShellServiceClient): WatchCalls {
  return { watch: (address, request, call) => watch(client, address, request, call) }
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
    logSources: [...watchRequest.logSources],
    logMinLevel: watchRequest.minimumLogLevel,
  }
  for await (const { payload } of client.watchSandbox(request, toCallOptions(call))) {
    switch (payload.case) {
      case 'sandbox':
        yield { type: 'status', info: toSandboxInfo(payload.value) }
        break
      case 'log':
        yield { type: 'log', line: toLogLine(payload.value) }
        break
      case 'event':
        yield { type: 'platform-event', event: toPlatformEvent(payload.value) }
        break
    }
  }
}

function toLogLine({ timestampMs, level, source, target, message, fields }: SandboxLogLine): LogLine {
  return { at: new Date(Number(timestampMs)), level, source, target, message, fields: { ...fields } }
}

function toPlatformEvent(event: WirePlatformEvent): PlatformEvent {
  const { timestampMs, source, type, reason, message, metadata } = event
  return { at: new Date(Number(timestampMs)), source, type, reason, message, metadata: { ...metadata } }
}
