import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { generateSigningKeys, parseSigningKeys } from './signing-keys.js'

const { privateKey, publicKey } = generateSigningKeys()
const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()

test('reads a pair from PEM, and the key id without its newline', () => {
  const keys = parseSigningKeys(privatePem, publicPem, 'key-1\n')
  expect(keys.keyId).toBe('key-1')
  expect(keys.publicKey.equals(publicKey)).toBe(true)
})

test('refuses keys of another kind and texts that are none, without showing them', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  expect(() => parseSigningKeys(rsa.toString(), publicPem, 'k')).toThrow('signing key of the gateway JWT is no Ed25519')
  expect(() => parseSigningKeys(privatePem, 'secret text', 'k')).toThrow(/^(?!.*secret text).*public key/)
})

test('refuses an empty key id', () => {
  expect(() => parseSigningKeys(privatePem, publicPem, ' \n')).toThrow('key id')
})
