import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { unusableState } from '../files/json-file.js'
import { makeOwnFolder } from '../files/own-folder.js'
import { generateSigningKeys, parseSigningKeys, type SigningKeys } from './signing-keys.js'

/**
 * The key pair that a folder keeps, so that tokens outlive the gateway that signed them; a fresh one is made and kept when
 * there is none. The private key's file is readable by its owner only.
 *
 * @throws GatewayStartError that names the file of the private key when the three do not go together, or cannot be read.
 */
export function savedSigningKeys(directory: string): SigningKeys {
  const folder = join(directory, 'jwt')
  const files = { signing: join(folder, 'signing.pem'), public: join(folder, 'public.pem'), keyId: join(folder, 'kid') }
  if (existsSync(files.signing)) {
    const read = (path: string) => readFileSync(path, 'utf8')
    try {
      return parseSigningKeys(read(files.signing), read(files.public), read(files.keyId))
    } catch (error) {
      throw unusableState(files.signing, error)
    }
  }
  const keys = generateSigningKeys()
  makeOwnFolder(folder)
  writeFileAtomic.sync(files.keyId, `${keys.keyId}\n`)
  writeFileAtomic.sync(files.public, keys.publicKey.export({ type: 'spki', format: 'pem' }).toString())
  // Last, because its presence says that the other two are there.
  const pem = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  writeFileAtomic.sync(files.signing, pem, { mode: 0o600 })
  return keys
}
