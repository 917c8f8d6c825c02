import { status } from '@grpc/grpc-js'
import { compactVerify, decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters, SignJWT } from 'jose'
import { StatusError } from '../errors/status-error.js'
import type { LaunchSession } from '../records/launch-session.js'
import type { SigningKeys } from './signing-keys.js'

/** How tokens are made. */
export interface SandboxTokensOptions {
  readonly keys: SigningKeys
  /** The gateway's id: issuer and audience are `openshell-gateway:` followed by it. */
  readonly gatewayId: string
  /** Life of a token in seconds; 0 means that it never expires. */
  readonly lifetimeSeconds: number
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What a valid token says. */
export interface SandboxTokenClaims {
  readonly sandboxId: string
  /** Seconds since 1970; 0 means never. */
  readonly expiresAtSeconds: number
}

// How long an expired token is still good, for clocks that differ.
const leewaySeconds = 60

/** Issues and checks the tokens with which supervisors prove which sandbox they belong to. */
export class SandboxTokens {
  readonly #options: SandboxTokensOptions
  readonly #audience: string

  constructor(options: SandboxTokensOptions) {
    this.#options = options
    this.#audience = `openshell-gateway:${options.gatewayId}`
  }

  /** The gateway's id. */
  get gatewayId(): string {
    return this.#options.gatewayId
  }

  /** Who makes the tokens, as they say it. */
  get issuer(): string {
    return this.#audience
  }

  /** The public key as a web key. */
  get publicJwk(): object {
    const { keyId, publicKey } = this.#options.keys
    return { ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: 'EdDSA', use: 'sig' }
  }

  /** What others check tokens with: the public key in PEM form, and its name. */
  get verificationKey(): { readonly keyId: string; readonly pem: string } {
    const { keyId, publicKey } = this.#options.keys
    return { keyId, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() }
  }

  /** Makes a token with which a sandbox's supervisor proves itself to the gateway. */
  mint(sandboxId: string): Promise<string> {
    return this.#sign(sandboxId, { aud: this.#audience })
  }

  /** Makes a token with which a supervisor proves itself to its sandbox in one run of it. It opens nothing at the gateway. */
  mintForSandbox(sandboxId: string, { sessionId, generation, epoch }: LaunchSession): Promise<string> {
    return this.#sign(sandboxId, {
      aud: `openshell-sandbox:${sandboxId}`,
      session_id: sessionId,
      runtime_generation: generation,
      auth_epoch: epoch,
    })
  }

  /** When a token that is made now expires, in seconds since 1970; 0 means never. */
  expiryFromNow(): number {
    return this.expiryFrom(this.#seconds())
  }

  /** When a token made at `issuedAtSeconds` expires, in seconds since 1970; 0 means never. */
  expiryFrom(issuedAtSeconds: number): number {
    const { lifetimeSeconds } = this.#options
    return lifetimeSeconds === 0 ? 0 : issuedAtSeconds + lifetimeSeconds
  }

  /** Whether a token names this gateway's key, so that it is for the gateway to judge. */
  isOwn(token: string): boolean {
    try {
      const { kid, alg } = decodeProtectedHeader(token)
      return kid === this.#options.keys.keyId && alg === 'EdDSA'
    } catch {
      return false
    }
  }

  /**
   * Checks a bearer token. `undefined` means that another issuer's key signed it, which is for others to judge.
   *
   * @throws StatusError UNAUTHENTICATED `invalid token`, with the cause when the token is one of this gateway's making.
   */
  async verify(token: string): Promise<SandboxTokenClaims | undefined> {
    const header = readHeader(token)
    if (header.typ === 'openshell-ext+jwt') throw unauthenticated('extension tokens cannot authenticate to the gateway')
    if (header.kid !== this.#options.keys.keyId || header.alg !== 'EdDSA') return undefined
    const payload = await this.#verifySignature(token)
    const claims = readClaims(payload)
    if (claims.iss !== this.#audience) throw invalidToken('InvalidIssuer')
    if (claims.aud !== this.#audience) throw invalidToken('InvalidAudience')
    if (claims.exp !== 0 && claims.exp < this.#seconds() - leewaySeconds) throw invalidToken('ExpiredSignature')
    return { sandboxId: claims.sandbox_id, expiresAtSeconds: claims.exp }
  }

  #sign(sandboxId: string, claims: JWTPayload): Promise<string> {
    const { keys } = this.#options
    const issuedAt = this.#seconds()
    return new SignJWT({
      sub: `spiffe://openshell/sandbox/${sandboxId}`,
      iss: this.#audience,
      iat: issuedAt,
      exp: this.expiryFrom(issuedAt),
      sandbox_id: sandboxId,
      ...claims,
    })
      .setProtectedHeader({ typ: 'JWT', alg: 'EdDSA', kid: keys.keyId })
      .sign(keys.privateKey)
  }

  async #verifySignature(token: string): Promise<string> {
    try {
      const { payload } = await compactVerify(token, this.#options.keys.publicKey, { algorithms: ['EdDSA'] })
      return new TextDecoder().decode(payload)
    } catch {
      throw invalidToken('InvalidSignature')
    }
  }

  #seconds(): number {
    return Math.floor(this.#options.now() / 1000)
  }
}

interface Claims {
  readonly iss: string
  readonly aud: unknown
  readonly exp: number
  readonly sandbox_id: string
}

function readHeader(token: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(token)
  } catch {
    throw unauthenticated('invalid token')
  }
}

function readClaims(payload: string): Claims {
  const claims = parseObject(payload)
  for (const [name, type] of requiredClaims) {
    if (!Object.hasOwn(claims, name)) {
      throw invalidToken(`JSON error: missing field \`${name}\` at line 1 column ${payload.length}`)
    }
    if (type !== 'any' && typeof claims[name] !== type)
      throw invalidToken(`JSON error: invalid type for field \`${name}\``)
  }
  // The loop has seen each claim with its type.
  return claims as Record<string, unknown> & Claims
}

const requiredClaims = [
  ['sub', 'string'],
  ['iss', 'string'],
  ['aud', 'any'],
  ['iat', 'number'],
  ['exp', 'number'],
  ['sandbox_id', 'string'],
] as const

function parseObject(payload: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // The answer is the same as for JSON of another kind.
  }
  throw invalidToken('JSON error: expected an object')
}

function invalidToken(cause: string): StatusError {
  return unauthenticated(`invalid token: ${cause}`)
}

function unauthenticated(text: string): StatusError {
  return new StatusError(status.UNAUTHENTICATED, text)
}
