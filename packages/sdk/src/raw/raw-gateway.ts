import { REQUEST_OPTIONS, type RequestOptions } from '../calls/request-options.js'
import { checkOptions } from '../checks/check-options.js'
import type { Gateway } from '../transport/gateway.js'
import type { WireLine } from '../wire/wire-line.js'

/**
 * The connection below this package's own surface, for what that does not offer. `openRaw` of `@openshell-ts/sdk/raw` makes
 * generated clients of it.
 *
 * @experimental Outside semantic versioning: what goes over it is the gateway's, and may change in any release.
 */
export class RawGateway {
  readonly #gateway: Gateway

  /** @internal Comes with a client. */
  constructor(gateway: Gateway) {
    this.#gateway = gateway
  }

  /** A `Transport` of `@connectrpc/connect`, with the client's connection and credentials; `close()` ends its calls too. */
  get transport(): object {
    return this.#gateway.transport
  }

  /** The line that the gateway speaks, checked again after a reconnect. */
  async line(options: RequestOptions = {}): Promise<WireLine> {
    const { signal } = checkOptions('raw.line', options, REQUEST_OPTIONS)
    return this.#gateway.look({ rpc: 'Health', signal }, ({ line }) => line)
  }
}
