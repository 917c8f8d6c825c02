import { X509Certificate } from 'node:crypto'
import { isAbsolute } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OpenShellError } from '../errors/openshell-error.js'
import { type FileReading, readSmallFile } from './read-small-file.js'
import type { TlsOptions } from './tls-options.js'

/** What one connection presents and trusts, in PEM. */
export interface TlsMaterial {
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
}

// A folder with certificates is replaced by renaming it, and is not there for a moment.
const REPLACEMENT_MS = 50

/** True when the text is PEM itself, not the path of a file. */
export function isPem(text: string): boolean {
  return text.includes('-----BEGIN')
}

/**
 * Reads what the options name. Throws kind `configuration` for a file that cannot be read, and `tls` for a client certificate that
 * has expired.
 */
export async function readTlsMaterial({ ca, cert, key }: TlsOptions): Promise<TlsMaterial> {
  const [caBytes, certBytes, keyBytes] = await Promise.all([
    readPem('tls.ca', ca),
    readPem('tls.cert', cert),
    readPem('tls.key', key),
  ])
  if (certBytes) refuseExpired(certBytes)
  return {
    ...(caBytes && { ca: caBytes }),
    ...(certBytes && { cert: certBytes }),
    ...(keyBytes && { key: keyBytes }),
  }
}

// Some servers end the connection without a word then, which looks as if it were lost.
function refuseExpired(cert: Buffer): void {
  const validTo = endOf(cert)
  if (validTo === undefined || Date.parse(validTo) > Date.now()) return
  throw new OpenShellError({
    kind: 'tls',
    message: `The client certificate in tls.cert has expired: it was valid to ${validTo}.`,
    hint: "Log in again, or renew what tls.cert names. Check this machine's clock.",
  })
}

// What is no certificate is reported by the handshake.
function endOf(cert: Buffer): string | undefined {
  try {
    return new X509Certificate(cert).validTo
  } catch {
    return undefined
  }
}

async function readPem(option: string, value: string | Uint8Array | undefined): Promise<Buffer | undefined> {
  if (value === undefined) return undefined
  if (typeof value !== 'string') return Buffer.from(value)
  if (isPem(value)) return Buffer.from(value)
  const reading = await readAgainWhenAbsent(value)
  if (reading.type === 'read') return reading.bytes
  throw new OpenShellError({
    kind: 'configuration',
    message: `Option ${option}: the file${shown(value)} ${reading.type === 'absent' ? 'does not exist' : reading.problem}.`,
    hint: 'Give PEM as text or bytes, or the path of a PEM file that this process may read.',
    ...(reading.type === 'unreadable' && { cause: reading.cause }),
  })
}

// A key without its PEM header would be taken for a path: only what can be nothing else is shown.
function shown(path: string): string {
  return isAbsolute(path) && !/[\r\n]/.test(path) ? ` ${path.slice(0, 500)}` : ''
}

async function readAgainWhenAbsent(path: string): Promise<FileReading> {
  const reading = await readSmallFile(path)
  if (reading.type !== 'absent') return reading
  await sleep(REPLACEMENT_MS, undefined, { ref: false })
  return readSmallFile(path)
}
