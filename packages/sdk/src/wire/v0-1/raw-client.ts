import { type Client, createClient, type Transport } from '@connectrpc/connect'
import { OpenShell } from '@openshell-ts/protocol/v0-1'

/**
 * The generated client of line 0.1; its messages are those of `@openshell-ts/protocol/v0-1`.
 *
 * @experimental Outside semantic versioning.
 */
export interface RawClient01 {
  readonly line: '0.1'
  readonly openShell: Client<typeof OpenShell>
}

export function createRawClient(transport: Transport): RawClient01 {
  return { line: '0.1', openShell: createClient(OpenShell, transport) }
}
