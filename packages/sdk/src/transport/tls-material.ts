import { isAbsolute } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OpenShellError } from '../errors/openshell-error.js'
import { commonValidityProblem, ownValidityProblem, type ValidityProblem } from './certificate-validity.js'
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
 * Reads what the options name. Throws kind `configuration` for a file that cannot be read, and `tls` for a client certificate and for
 * authorities that are not valid now.
 */
export async function readTlsMaterial(options: TlsOptions): Promise<TlsMaterial> {
  const [caBytes, certBytes, keyBytes] = await Promise.all([
    readPem('tls.ca', options.ca),
    readPem('tls.cert', options.cert),
    readPem('tls.key', options.key),
  ])
  const material = {
    ...(caBytes && { ca: caBytes }),
    ...(certBytes && { cert: certBytes }),
    ...(keyBytes && { key: keyBytes }),
  }
  requireValid(options, material)
  return material
}

// Some servers end the connection without a word for a client certificate that is not good now, as if it were lost; and of an authority
// the handshake tells no more than that some certificate is not.
function requireValid({ ca, cert }: TlsOptions, material: TlsMaterial): void {
  const ownProblem = material.cert && ownValidityProblem(material.cert)
  if (ownProblem) throw notValid('CLIENT_CERTIFICATE', `The client certificate in tls.cert${inFile(cert)}`, ownProblem)
  const common = material.ca && commonValidityProblem(material.ca)
  if (common) throw notValid('AUTHORITY', `The authority in tls.ca${inFile(ca)}`, common)
}

function notValid(subject: string, name: string, { code, says }: ValidityProblem): OpenShellError {
  return new OpenShellError({
    kind: 'tls',
    message: `${name} ${says}.`,
    hint: "Log in again, or replace it. Check this machine's clock.",
    reason: `${subject}_${code}`,
  })
}

function inFile(option: string | Uint8Array | undefined): string {
  const file = typeof option === 'string' && !isPem(option) ? shown(option).trim() : ''
  return file === '' ? '' : ` (${file})`
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
