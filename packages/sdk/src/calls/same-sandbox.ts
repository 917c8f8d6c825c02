import { OpenShellError } from '../errors/openshell-error.js'
import { replacedSandbox } from '../errors/replaced-sandbox.js'
import type { CallScope, MutationScope } from '../transport/call-scope.js'
import type { Gateway } from '../transport/gateway.js'
import type { SandboxAddress } from '../wire/sandbox-address.js'
import type { WireCall } from '../wire/wire-call.js'
import type { WireCodec } from '../wire/wire-codec.js'
import type { WireLine } from '../wire/wire-line.js'
import { findFate } from './find-fate.js'

type Send<T> = (codec: WireCodec, call: WireCall) => Promise<T>

/** A sandbox by its name, and by its id when one certain sandbox is meant. */
export interface NamedSandbox extends Omit<SandboxAddress, 'id'> {
  readonly id?: string | undefined
}

/** Sends calls that gateways take by a sandbox's name. With an id they are for the sandbox of that id alone: another one is left alone. */
export class SameSandbox {
  readonly #gateway: Gateway
  readonly #sandbox: NamedSandbox

  constructor(gateway: Gateway, sandbox: NamedSandbox) {
    this.#gateway = gateway
    this.#sandbox = sandbox
  }

  /**
   * Reads, and throws kind `not-found` for what is another sandbox's. A look that comes later proves it: names come back, ids do not.
   * `idOn` is the line that takes the call by id.
   */
  async read<T>(scope: CallScope, send: Send<T>, idOn?: WireLine): Promise<T> {
    let line: WireLine | undefined
    const answer = await this.#gateway.read(scope, (codec, call) => {
      line = codec.line
      return send(codec, call)
    })
    if (line !== idOn) await this.require(scope.signal)
    return answer
  }

  /** Changes something, unless another sandbox has the name: kind `not-found` then, and nothing is sent. */
  async mutate<T>(scope: MutationScope, send: Send<T>): Promise<T> {
    await this.require(scope.signal)
    return this.#gateway.mutate(scope, send)
  }

  /** Throws kind `not-found` when another sandbox has the name. Of one that is merely gone the gateway says so itself. */
  async require(signal: AbortSignal | undefined): Promise<void> {
    const { id, name, workspace } = this.#sandbox
    if (id === undefined) return
    const fate = await findFate(this.#gateway, { id, name, workspace }, signal).catch(unlessForbidden)
    if (fate?.type === 'gone' && fate.replacedBy !== undefined) throw replacedSandbox(name)
  }
}

// Whoever may change sandboxes and not look at them goes by the name.
function unlessForbidden(error: unknown): undefined {
  if (error instanceof OpenShellError && error.kind === 'permission-denied') return
  throw error
}
