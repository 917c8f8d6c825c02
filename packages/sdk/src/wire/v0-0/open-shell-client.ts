import type { Client } from '@connectrpc/connect'
import type { OpenShell } from '@openshell-ts/protocol/v0-0'

export { toCallOptions } from '../call-options.js'

/** The generated service of line 0.0, as a client. */
export type OpenShellServiceClient = Client<typeof OpenShell>
