import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TlsOptions } from '../transport/tls-options.js'
import { readConfigFile } from './config-file.js'
import { discoveryError, loginHint } from './discovery-error.js'
import { toCertificateFolder } from './gateway-name.js'
import type { SecretFiles } from './secret-files.js'

/** Where the certificates of a gateway are looked for. */
export interface CertificatePlace {
  /** The user's folder of configuration. */
  readonly userRoot: string
  readonly name: string
  readonly files: SecretFiles
}

const BUNDLE = ['ca.crt', 'tls.crt', 'tls.key'] as const

// The folder is replaced by renaming it, and is not there for a moment.
const REPLACEMENT_MS = 50

/**
 * The certificates of a gateway, as paths, so that each connection takes what is there then. An authority of the bundle is
 * trusted alone. With `required`, the whole bundle must be there; else it may be missing, or hold the authority only.
 */
export async function findStoredTls(place: CertificatePlace, need: 'required' | 'optional'): Promise<TlsOptions> {
  const folder = join(place.userRoot, 'gateways', toCertificateFolder(place.name), 'mtls')
  const [ca, cert, key] = BUNDLE.map((file) => join(folder, file)) as [string, string, string]
  const missing = await missingFiles(folder, need, place.files)
  const has = (file: (typeof BUNDLE)[number]) => !missing.includes(file)
  const complete = need === 'required' ? missing.length === 0 : has('tls.crt') === has('tls.key')
  if (!complete) {
    const problem = `lacks ${missing.join(' and ')}`
    throw discoveryError({ kind: 'unauthenticated', path: folder, problem, hint: loginHint(place.name) })
  }
  return { ...(has('ca.crt') && { ca }), ...(has('tls.crt') && { cert, key }) }
}

async function missingFiles(folder: string, need: 'required' | 'optional', files: SecretFiles): Promise<string[]> {
  const missing = await lookFor(folder, files)
  const settled = missing.length === 0 || (need === 'optional' && missing.length === BUNDLE.length)
  if (settled) return missing
  await sleep(REPLACEMENT_MS)
  return lookFor(folder, files)
}

async function lookFor(folder: string, files: SecretFiles): Promise<string[]> {
  const found = await Promise.all(
    BUNDLE.map((file) => (file === 'tls.key' ? files.read(join(folder, file)) : readConfigFile(join(folder, file)))),
  )
  return BUNDLE.filter((_, index) => found[index] === undefined)
}
