import type { ClientContext } from '../calls/client-context.js'
import { OpenShellError } from '../errors/openshell-error.js'

/** The active driver's key, and whether the gateway itself named it. */
export interface ActiveDriver {
  readonly name: string
  readonly source: 'option' | 'gateway'
}

/** Finds the active driver: the caller's option, else what the gateway says; asked once a connection. */
export class ActiveDriverFinder {
  #session = 0
  #found: ActiveDriver | undefined

  /** Undefined when the caller may not ask, or the gateway names none. */
  async find(context: ClientContext, signal: AbortSignal | undefined): Promise<ActiveDriver | undefined> {
    const { activeDriver, gateway } = context
    if (activeDriver !== undefined) return { name: activeDriver, source: 'option' }
    if (this.#session === 0 || this.#session !== gateway.session) {
      this.#found = await askGateway(context, signal)
      this.#session = gateway.session
    }
    return this.#found
  }
}

async function askGateway(
  { gateway }: ClientContext,
  signal: AbortSignal | undefined,
): Promise<ActiveDriver | undefined> {
  try {
    const info = await gateway.read({ rpc: 'GetGatewayInfo', signal }, (codec, call) => codec.gateway.info(call))
    const name = info.computeDrivers[0]?.name
    return name ? { name, source: 'gateway' } : undefined
  } catch (error) {
    // The call is for platform administrators; without it the warning about a missing block is all that is lost.
    if (error instanceof OpenShellError && isNotAllowed(error)) return undefined
    throw error
  }
}

function isNotAllowed({ kind }: OpenShellError): boolean {
  return kind === 'permission-denied' || kind === 'unauthenticated' || kind === 'unsupported'
}
