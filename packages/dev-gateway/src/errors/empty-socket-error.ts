import { GatewayStartError } from './gateway-start-error.js'

/** A socket path that is empty. The real gateway's command line is over before its configuration then, with another exit code. */
export class EmptySocketError extends GatewayStartError {
  /** What the process ends with. */
  readonly exitCode = 2

  constructor() {
    super('configuration', '--compute-driver-socket needs the path of a socket, such as /run/acme/compute.sock.')
  }
}
