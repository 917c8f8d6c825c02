import type { SandboxAddress } from './sandbox-address.js'
import type { WireCall } from './wire-call.js'

/** A session as the gateway described it; nothing of it is checked yet. */
export interface SshSessionReply {
  readonly sandboxId: string
  /** A secret. */
  readonly token: string
  readonly gatewayHost: string
  readonly gatewayPort: number
  readonly gatewayScheme: string
  /** Empty when the gateway knows none. */
  readonly hostKeyFingerprint: string
  /** Absent when the session does not expire. */
  readonly expiresAt: Date | undefined
}

/** What a client says about SSH sessions. */
export interface SshCalls {
  create(address: SandboxAddress, call: WireCall): Promise<SshSessionReply>
  /** `absent` when the gateway does not know the token. */
  revoke(token: string, call: WireCall): Promise<'revoked' | 'absent'>
}
