import type { Duplex } from 'node:stream'
import type { ClientContext } from '../calls/client-context.js'
import { checkOptions } from '../checks/check-options.js'
import { refuseUnusedOptions } from '../checks/refuse-unused-options.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import { checkForward, toForwardTarget } from './check-ports.js'
import { openForward } from './open-forward.js'
import { PortForward } from './port-forward.js'
import type { PortConnectOptions, PortForwardOptions } from './port-options.js'

const TARGET_OPTIONS = ['targetPort', 'targetHost', 'signal']
const FORWARD_OPTIONS = [...TARGET_OPTIONS, 'localPort', 'localHost', 'allowRemote', 'onConnectionError']

/** Reaches ports on the loopback of a sandbox that is ready. A sandbox takes 20 connections at a time; later ones wait. */
export class Ports {
  readonly #context: ClientContext
  readonly #address: SandboxAddress

  /** @internal Comes with a `Sandbox`. */
  constructor(context: ClientContext, address: SandboxAddress) {
    this.#context = context
    this.#address = address
  }

  /**
   * Opens one connection, as a stream of Node.js whose sides end by themselves. Nobody listening on the port is an `error` of the
   * stream, with kind `unavailable`.
   */
  async connect(options: PortConnectOptions): Promise<Duplex> {
    checkOptions('ports.connect', options, TARGET_OPTIONS)
    const target = toForwardTarget(options)
    return openForward(this.#context.gateway, this.#address, { target, signal: options.signal })
  }

  /**
   * Listens on a local port and carries its connections into the sandbox, each in a session of its own. Dispose it to stop. It
   * closes by itself when the sandbox is gone or stopped. Throws kind `configuration` when the local port cannot be had.
   */
  async forward(options: PortForwardOptions): Promise<PortForward> {
    checkOptions('ports.forward', options, FORWARD_OPTIONS)
    const hint = "Say where to listen, such as localHost: '0.0.0.0'; without it other machines cannot reach the port."
    if (options.localHost === undefined) {
      refuseUnusedOptions('ports.forward', options, ['allowRemote'], { needs: 'localHost', hint })
    }
    checkForward(options)
    return PortForward.open(this.#context, this.#address, options)
  }
}
