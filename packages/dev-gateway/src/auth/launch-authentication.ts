import type { LaunchSession } from '../records/launch-session.js'
import type { SandboxTokens } from './sandbox-tokens.js'

/**
 * The credentials of a run, as drivers get them: the supervisor's, and what its sandbox checks them with. A secret.
 *
 * Times are milliseconds since 1970, 0 for no end; both tokens are JWTs of the gateway's key, each for one audience.
 */
export async function launchAuthentication(
  tokens: SandboxTokens,
  sandboxId: string,
  session: LaunchSession,
): Promise<Uint8Array> {
  const { gatewayId, verificationKey } = tokens
  const expiresAtMs = tokens.expiryFromNow() * 1000
  const authentication = {
    supervisor: {
      session_id: session.sessionId,
      runtime_generation: session.generation,
      session_rotation: session.rotation,
      auth_epoch: session.epoch,
      gateway_token: await tokens.mint(sandboxId),
      gateway_expires_at: expiresAtMs,
      sandbox_token: await tokens.mintForSandbox(sandboxId, session),
      sandbox_expires_at: expiresAtMs,
    },
    gateway_id: gatewayId,
    verification_keys: [{ key_id: verificationKey.keyId, public_key_pem: [...Buffer.from(verificationKey.pem)] }],
  }
  return Buffer.from(JSON.stringify(authentication))
}
