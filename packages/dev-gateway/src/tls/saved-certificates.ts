import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { GatewayStartError } from '../errors/gateway-start-error.js'
import { makeOwnFolder } from '../files/own-folder.js'
import type { CertificateBundle } from './certificate-bundle.js'
import { generateCertificates, serverNames } from './generate-certificates.js'

// One that is about to expire would do so while the gateway runs.
const renewBeforeMs = 24 * 3_600_000

/** The folder inside a TLS folder that holds what a client needs: `ca.crt`, `tls.crt` and `tls.key`. */
export function clientFolder(directory: string): string {
  return join(directory, 'client')
}

/**
 * The certificates that a folder keeps; new ones are made and kept when there are none, or when they cannot be used or expire
 * within a day. Keys are readable by their owner only. `warn` gets a sentence when clients have to do something about them.
 *
 * @throws GatewayStartError that names the folder when files in it cannot be read.
 */
export async function savedCertificates(
  directory: string,
  nowMs: number,
  warn: (sentence: string) => void,
): Promise<CertificateBundle> {
  const saved = readBundle(directory)
  if (saved && isUsable(saved, nowMs)) {
    const missing = missingNames(saved.server.cert)
    // Their authority's key is gone, so none of the same authority can be made.
    if (missing.length > 0) warn(incompleteText(directory, missing))
    return saved
  }
  const bundle = await generateCertificates(nowMs)
  for (const [file, text] of Object.entries(filesOf(bundle))) {
    const path = join(directory, file)
    makeOwnFolder(dirname(path))
    writeFileAtomic.sync(path, text, { mode: file.endsWith('.key') ? 0o600 : 0o644 })
  }
  if (saved) {
    warn(
      `The certificates in ${directory} were damaged or about to expire, and were made anew; ` +
        `clients that have copies need those of ${clientFolder(directory)} again.`,
    )
  }
  return bundle
}

// An earlier version may have made the certificate, or somebody else.
function missingNames(cert: string): string[] {
  const certificate = new X509Certificate(cert)
  return serverNames.filter((name) => {
    const example = name.replace('*', 'any')
    return !(isIP(example) ? certificate.checkIP(example) : certificate.checkHost(example))
  })
}

function incompleteText(directory: string, names: readonly string[]): string {
  return (
    `The certificate ${join(directory, 'server', 'tls.crt')} is not good for ${names.join(', ')}; ` +
    'exposed services have URLs below openshell.localhost. ' +
    `Remove ${directory} to have new ones made at the next start; clients that have copies need those of ` +
    `${clientFolder(directory)} again then.`
  )
}

function filesOf({ ca, server, client }: CertificateBundle) {
  return {
    'ca.crt': ca,
    'server/tls.crt': server.cert,
    'server/tls.key': server.key,
    'client/ca.crt': ca,
    'client/tls.crt': client.cert,
    'client/tls.key': client.key,
  }
}

function readBundle(directory: string): CertificateBundle | undefined {
  const read = (file: keyof ReturnType<typeof filesOf>) => readFileSync(join(directory, file), 'utf8')
  try {
    return {
      ca: read('ca.crt'),
      server: { cert: read('server/tls.crt'), key: read('server/tls.key') },
      client: { cert: read('client/tls.crt'), key: read('client/tls.key') },
    }
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new GatewayStartError(
      'configuration',
      `The folder ${directory} of certificates cannot be used: ${path} cannot be read (${code}). Name another folder.`,
      { cause: error },
    )
  }
}

function isUsable({ ca, server, client }: CertificateBundle, nowMs: number): boolean {
  try {
    const authority = new X509Certificate(ca)
    return [server, client].every(({ cert, key }) => {
      const certificate = new X509Certificate(cert)
      const lasts =
        Date.parse(certificate.validTo) - nowMs > renewBeforeMs && Date.parse(certificate.validFrom) <= nowMs
      return lasts && certificate.verify(authority.publicKey) && certificate.checkPrivateKey(createPrivateKey(key))
    })
  } catch {
    // A damaged file is like a missing one: what is in it is of use to nobody.
    return false
  }
}
