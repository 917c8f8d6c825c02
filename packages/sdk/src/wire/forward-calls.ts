import type { SandboxAddress } from './sandbox-address.js'
import type { WireCall } from './wire-call.js'

/** Where a forward leads: the sandbox's SSH server, or a port on its loopback. */
export type ForwardTarget =
  | { readonly type: 'ssh' }
  | { readonly type: 'tcp'; readonly host: string; readonly port: number }

/** A forward as it goes on the wire. */
export interface ForwardRequest {
  readonly target: ForwardTarget
  /** Token of an SSH session of the sandbox. */
  readonly token: string
}

/** What comes from the sandbox. After `end` it sends no more, and still takes what it is sent. */
export type ForwardEvent = { readonly type: 'data'; readonly data: Uint8Array } | { readonly type: 'end' }

/** What a client says about forwards. */
export interface ForwardCalls {
  /** Carries bytes both ways; the end of `data` ends the client's side alone. `onAccepted` runs when the gateway has agreed. */
  open(
    address: SandboxAddress,
    request: ForwardRequest,
    data: AsyncIterable<Uint8Array>,
    call: WireCall,
    onAccepted: () => void,
  ): AsyncIterable<ForwardEvent>
}
