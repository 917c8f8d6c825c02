import { createClient, type Transport } from '@connectrpc/connect'
import { Inference, OpenShell } from '@openshell-ts/protocol/v0-0'
import { decodeStatusDetails } from '../decode-status-details.js'
import type { WireCodec } from '../wire-codec.js'
import { configCalls } from './config-calls.js'
import { draftCalls } from './draft-calls.js'
import { execCalls } from './exec-calls.js'
import { forwardCalls } from './forward-calls.js'
import { gatewayCalls } from './gateway-calls.js'
import { inferenceCalls } from './inference-calls.js'
import { logCalls } from './log-calls.js'
import { profileCalls } from './profile-calls.js'
import { providerCalls } from './provider-calls.js'
import { refreshCalls } from './refresh-calls.js'
import { sandboxCalls } from './sandbox-calls.js'
import { serviceCalls } from './service-calls.js'
import { sshCalls } from './ssh-calls.js'
import { templateCalls } from './template-calls.js'
import { watchCalls } from './watch-calls.js'
import { workspaceCalls } from './workspace-calls.js'

/** Line 0.0: gateways 0.0.88 to 0.0.116, of which the version tells what an early one lacks. */
export function createCodec(transport: Transport, version: string): WireCodec {
  const client = createClient(OpenShell, transport)
  return {
    line: '0.0',
    keepsRequestIds: false,
    gateway: gatewayCalls(client),
    sandboxes: sandboxCalls(client, version),
    exec: execCalls(client),
    ssh: sshCalls(client),
    forwards: forwardCalls(client),
    watch: watchCalls(client),
    logs: logCalls(client),
    workspaces: workspaceCalls(client),
    templates: templateCalls(),
    services: serviceCalls(client),
    providers: providerCalls(client),
    refresh: refreshCalls(client),
    profiles: profileCalls(client),
    config: configCalls(client),
    drafts: draftCalls(client),
    inference: inferenceCalls(createClient(Inference, transport)),
    decodeDetails: decodeStatusDetails,
  }
}
