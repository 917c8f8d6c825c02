import type { OpenShellError } from '../errors/openshell-error.js'

/** Which port of a sandbox. */
export interface PortTarget {
  /** 1 to 65535. */
  readonly targetPort: number
  /** `localhost`, an address of `127.0.0.0/8`, or `::1`: gateways reach the sandbox's loopback only. @default '127.0.0.1' */
  readonly targetHost?: string
}

/** How one connection is opened. */
export interface PortConnectOptions extends PortTarget {
  /** Ends the connection, also after it was opened. */
  readonly signal?: AbortSignal
}

/** How a local port leads into a sandbox. */
export interface PortForwardOptions extends PortTarget {
  /** Port to listen on; 0 takes a free one. @default 0 */
  readonly localPort?: number
  /** Address to listen on. One that others can reach needs `allowRemote`. @default '127.0.0.1' */
  readonly localHost?: string
  /**
   * Whether `localHost` may be an address that other machines reach. Whoever reaches it reaches the sandbox. Refused
   * without `localHost`. @default false
   */
  readonly allowRemote?: boolean
  /**
   * Hears of every connection that could not be opened or broke, with its cause; the forward goes on. Without it, and where it throws,
   * they go to the client's logger.
   */
  readonly onConnectionError?: (error: OpenShellError) => void
  /** Closes the forward, also after it was opened. */
  readonly signal?: AbortSignal
}
