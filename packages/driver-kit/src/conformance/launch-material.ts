const yearSeconds = 31_536_000

/** A token of the form that gateways issue for a sandbox. Its signature is nobody's. */
export function sandboxToken(sandboxId: string): string {
  const issuer = 'openshell-gateway:conformance'
  const now = Math.floor(Date.now() / 1_000)
  const claims = {
    sub: `spiffe://openshell/sandbox/${sandboxId}`,
    iss: issuer,
    aud: issuer,
    iat: now,
    exp: now + yearSeconds,
    sandbox_id: sandboxId,
  }
  const parts = [{ typ: 'JWT', alg: 'EdDSA', kid: 'conformance' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  )
  return [...parts, Buffer.alloc(64).toString('base64url')].join('.')
}

/** Launch authentication as gateways of line 0.1 send it with Create and Start. */
export function launchAuthentication(sandboxId: string, generation: string): Uint8Array {
  const expiry = Date.now() + yearSeconds * 1_000
  return Buffer.from(
    JSON.stringify({
      supervisor: {
        session_id: sandboxId,
        runtime_generation: generation,
        session_rotation: 0,
        auth_epoch: 0,
        gateway_token: sandboxToken(sandboxId),
        gateway_expires_at: expiry,
        sandbox_token: sandboxToken(sandboxId),
        sandbox_expires_at: expiry,
      },
      gateway_id: 'conformance',
      verification_keys: [{ key_id: 'conformance', public_key_pem: [...Buffer.from('-----BEGIN PUBLIC KEY-----')] }],
    }),
  )
}
