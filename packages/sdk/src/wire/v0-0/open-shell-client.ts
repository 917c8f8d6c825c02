import type { CallOptions, Client } from '@connectrpc/connect'
import type { OpenShell } from '@openshell-ts/protocol/v0-0'
import type { WireCall } from '../wire-call.js'

/** The generated service of line 0.0, as a client. */
export type OpenShellServiceClient = Client<typeof OpenShell>

/** Connect's options of one call; connect takes a timeout of 0 for none. */
export function toCallOptions({ signal, timeoutMs }: WireCall): CallOptions {
  return timeoutMs === undefined ? { signal } : { signal, timeoutMs }
}
