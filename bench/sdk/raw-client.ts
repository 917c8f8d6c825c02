import { type Client, createClient } from '@connectrpc/connect'
import { createGrpcTransport } from '@connectrpc/connect-node'
import { OpenShell } from '@openshell-ts/protocol/v0-0'

/** The generated client of line 0.0 over connect-node, as somebody without this package would use it. */
export function createRawClient(port: number): Client<typeof OpenShell> {
  return createClient(OpenShell, createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` }))
}
