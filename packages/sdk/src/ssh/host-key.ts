import { createHash, timingSafeEqual } from 'node:crypto'

const HASHES: Readonly<Record<string, string>> = { SHA256: 'sha256', SHA384: 'sha384', SHA512: 'sha512' }

/**
 * Whether a host key, in the form in which SSH sends it, has a fingerprint in OpenSSH's form, such as `SHA256:…`. A fingerprint of an
 * unknown form fits no key.
 */
export function hostKeyHasFingerprint(key: Uint8Array, fingerprint: string): boolean {
  const [name = '', digest = ''] = fingerprint.split(':', 2)
  const hash = Object.hasOwn(HASHES, name) ? HASHES[name] : undefined
  if (hash === undefined) return false
  const actual = createHash(hash).update(key).digest()
  const expected = Buffer.from(digest, 'base64')
  return expected.length === actual.length && timingSafeEqual(actual, expected)
}
