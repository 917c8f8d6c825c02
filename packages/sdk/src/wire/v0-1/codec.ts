import { createClient, type Transport } from '@connectrpc/connect'
import { OpenShell } from '@openshell-ts/protocol/v0-1'
import { decodeStatusDetails } from '../decode-status-details.js'
import type { WireCodec } from '../wire-codec.js'
import { execCalls } from './exec-calls.js'
import { gatewayCalls } from './gateway-calls.js'
import { logCalls } from './log-calls.js'
import { sandboxCalls } from './sandbox-calls.js'
import { watchCalls } from './watch-calls.js'

/** Line 0.1: gateways 0.1.0-pre.8 and later 0.1.x. */
export function createCodec(transport: Transport): WireCodec {
  const client = createClient(OpenShell, transport)
  return {
    line: '0.1',
    keepsRequestIds: true,
    gateway: gatewayCalls(client),
    sandboxes: sandboxCalls(client),
    exec: execCalls(client),
    watch: watchCalls(client),
    logs: logCalls(client),
    decodeDetails: decodeStatusDetails,
  }
}
