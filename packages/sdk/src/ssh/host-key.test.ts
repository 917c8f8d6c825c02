import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { hostKeyHasFingerprint } from './host-key.js'

const key = Buffer.from('the bytes of a host key')
const digest = (hash: string, bytes = key) => createHash(hash).update(bytes).digest('base64')

test.each([
  ['as OpenSSH writes it', `SHA256:${digest('sha256').replace(/=+$/, '')}`, true],
  ['with padding', `SHA256:${digest('sha256')}`, true],
  ['of a longer hash', `SHA512:${digest('sha512')}`, true],
  ['of another key', `SHA256:${digest('sha256', Buffer.from('another'))}`, false],
  ['that is cut short', `SHA256:${digest('sha256').slice(0, 20)}`, false],
  ['without a digest', 'SHA256:', false],
  ['of another hash than it says', `SHA512:${digest('sha256')}`, false],
  ['of an unknown hash', 'MD5:aa:bb:cc', false],
  ['that is the name of a property', `constructor:${digest('sha256')}`, false],
  ['without a hash', digest('sha256'), false],
])('a fingerprint %s fits its own key alone', (_, fingerprint, fits) => {
  expect(hostKeyHasFingerprint(key, fingerprint)).toBe(fits)
})
