import { createClient, type Transport } from '@connectrpc/connect'
import { OpenShell } from '@openshell-ts/protocol/v0-0'
import { decodeStatusDetails } from '../decode-status-details.js'
import type { WireCodec } from '../wire-codec.js'
import { execCalls } from './exec-calls.js'
import { gatewayCalls } from './gateway-calls.js'
import { logCalls } from './log-calls.js'
import { sandboxCalls } from './sandbox-calls.js'
import { watchCalls } from './watch-calls.js'

/** Line 0.0: gateways 0.0.88 to 0.0.116. */
export function createCodec(transport: Transport): WireCodec {
  const client = createClient(OpenShell, transport)
  return {
    line: '0.0',
    keepsRequestIds: false,
    gateway: gatewayCalls(client),
    sandboxes: sandboxCalls(client),
    exec: execCalls(client),
    watch: watchCalls(client),
    logs: logCalls(client),
    decodeDetails: decodeStatusDetails,
  }
}
