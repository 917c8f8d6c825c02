import { type Client, createClient, type Transport } from '@connectrpc/connect'
import { Inference, OpenShell } from '@openshell-ts/protocol/v0-0'

/**
 * The generated clients of line 0.0; their messages are those of `@openshell-ts/protocol/v0-0`.
 *
 * @experimental Outside semantic versioning.
 */
export interface RawClient00 {
  readonly line: '0.0'
  readonly openShell: Client<typeof OpenShell>
  readonly inference: Client<typeof Inference>
}

export function createRawClient(transport: Transport): RawClient00 {
  return {
    line: '0.0',
    openShell: createClient(OpenShell, transport),
    inference: createClient(Inference, transport),
  }
}
