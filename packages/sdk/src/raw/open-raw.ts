import type { Transport } from '@connectrpc/connect'
import type { RequestOptions } from '../calls/request-options.js'
import type { RawClient00 } from '../wire/v0-0/raw-client.js'
import type { RawClient01 } from '../wire/v0-1/raw-client.js'
import type { RawGateway } from './raw-gateway.js'

/**
 * Generated clients of the line that a gateway speaks; `line` tells the two apart.
 *
 * @experimental Outside semantic versioning.
 */
export type RawClient = RawClient00 | RawClient01

/**
 * Makes generated clients over the connection of a client, with its credentials; closing it ends their calls too. Nothing of this
 * package stands between: no checks, no limits, no repetition, and errors are connect's own. Every request must name its
 * workspace. On line 0.1 a change that may be sent again wants a `requestId` of yours.
 *
 * @experimental Outside semantic versioning: what goes over it is the gateway's, and may change in any release.
 */
export async function openRaw(client: { readonly raw: RawGateway }, options: RequestOptions = {}): Promise<RawClient> {
  const line = await client.raw.line(options)
  const transport = client.raw.transport as Transport
  switch (line) {
    case '0.0': {
      const { createRawClient } = await import('../wire/v0-0/raw-client.js')
      return createRawClient(transport)
    }
    case '0.1': {
      const { createRawClient } = await import('../wire/v0-1/raw-client.js')
      return createRawClient(transport)
    }
  }
}
