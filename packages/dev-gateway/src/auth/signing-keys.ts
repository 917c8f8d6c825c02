import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'

/** The Ed25519 key pair with which a gateway signs sandbox tokens. */
export interface SigningKeys {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** Names the key in a token's header. */
  readonly keyId: string
}

/** Makes a fresh key pair; its id is taken from the public key. */
export function generateSigningKeys(): SigningKeys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { privateKey, publicKey, keyId: keyIdOf(publicKey) }
}

/**
 * Reads a key pair from PEM texts: PKCS#8 for the private key, SPKI for the public one.
 *
 * @throws Error when a text is no such key. The error holds nothing of the text.
 */
export function parseSigningKeys(privatePem: string, publicPem: string, keyId: string): SigningKeys {
  const id = keyId.trim()
  if (id === '') throw new Error('The key id of the gateway JWT is empty; write one into the file that kid_path names.')
  return {
    privateKey: parseKey('signing', () => createPrivateKey(privatePem)),
    publicKey: parseKey('public', () => createPublicKey(publicPem)),
    keyId: id,
  }
}

function parseKey(what: string, parse: () => KeyObject): KeyObject {
  let key: KeyObject | undefined
  try {
    key = parse()
  } catch {
    key = undefined
  }
  if (key?.asymmetricKeyType === 'ed25519') return key
  throw new Error(`The ${what} key of the gateway JWT is no Ed25519 key in PEM form; make one with openssl genpkey.`)
}

function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(der).digest().subarray(0, 16).toString('hex')
}
