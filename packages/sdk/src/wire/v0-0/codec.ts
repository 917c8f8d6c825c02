import { createClient, type Transport } from '@connectrpc/connect'
import { OpenShell } from '@openshell-ts/protocol/v0-0'
import { decodeStatusDetails } from '../decode-status-details.js'
import type { WireCodec } from '../wire-codec.js'
import { exec } from './exec.js'
import { currentUser, gatewayInfo, health } from './gateway.js'
import { createSandbox, deleteSandbox, getSandbox, listSandboxes, startSandbox, stopSandbox } from './sandboxes.js'
import { watch } from './watch.js'

/** Line 0.0: gateways 0.0.88 to 0.0.116. */
export function createCodec(transport: Transport): WireCodec {
  const client = createClient(OpenShell, transport)
  return {
    health: (call) => health(client, call),
    currentUser: (call) => currentUser(client, call),
    gatewayInfo: (call) => gatewayInfo(client, call),
    createSandbox: (request, call) => createSandbox(client, request, call),
    getSandbox: (workspace, name, call) => getSandbox(client, workspace, name, call),
    listSandboxes: (request, call) => listSandboxes(client, request, call),
    startSandbox: (address, call) => startSandbox(client, address, call),
    stopSandbox: (address, call) => stopSandbox(client, address, call),
    deleteSandbox: (address, call) => deleteSandbox(client, address, call),
    exec: (address, request, call) => exec(client, address, request, call),
    watch: (address, request, call) => watch(client, address, request, call),
    decodeDetails: decodeStatusDetails,
  }
}
