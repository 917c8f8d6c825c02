import { readFile } from 'node:fs/promises'
import { type ChannelCredentials, credentials } from '@grpc/grpc-js'
import { SupervisorError } from './supervisor-error.js'

/** The files for a gateway behind `https://`: only this authority is trusted, and the client certificate is always sent. */
export interface GatewayTlsFiles {
  /** PEM file of the authority that signed the gateway's certificate. */
  readonly caFile: string
  /** PEM file of the client certificate. */
  readonly certificateFile: string
  /** PEM file of the client certificate's key. */
  readonly keyFile: string
  /** Name to ask for and to verify; the endpoint's host name when absent. */
  readonly serverName?: string | undefined
}

/** How to reach the gateway. */
export interface GatewayEndpoint {
  /** The URL as it was given, for texts. */
  readonly url: string
  /** The address for the channel. */
  readonly target: string
  readonly credentials: ChannelCredentials
  /** The PEM texts behind the credentials; absent for plaintext. */
  readonly tls?: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer }
  readonly serverName?: string | undefined
}

/**
 * Reads a gateway's URL: `http://` is plaintext HTTP/2, `https://` needs the TLS files.
 *
 * @throws SupervisorError of kind `configuration`.
 */
export async function openGatewayEndpoint(url: string, tls?: GatewayTlsFiles): Promise<GatewayEndpoint> {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol) || parsed.hostname === '') {
    throw configuration(
      'OPENSHELL_ENDPOINT is no http:// or https:// URL. Set it to the URL of the gateway, such as http://127.0.0.1:17670.',
    )
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw configuration(
      'OPENSHELL_ENDPOINT contains a user name or a password. Remove it: the sandbox token is the only credential.',
    )
  }
  const port = parsed.port || (parsed.protocol === 'https:' ? '443' : '80')
  const target = `dns:${parsed.hostname}:${port}`
  if (parsed.protocol === 'http:') return { url, target, credentials: credentials.createInsecure() }
  if (!tls) {
    throw configuration(
      'OPENSHELL_ENDPOINT is an https:// URL. Set OPENSHELL_TLS_CA, OPENSHELL_TLS_CERT and OPENSHELL_TLS_KEY as well.',
    )
  }
  return { url, target, ...(await readCredentials(tls)), serverName: tls.serverName }
}

async function readCredentials({ caFile, certificateFile, keyFile }: GatewayTlsFiles) {
  const [ca, cert, key] = await Promise.all([
    readTlsFile('OPENSHELL_TLS_CA', caFile),
    readTlsFile('OPENSHELL_TLS_CERT', certificateFile),
    readTlsFile('OPENSHELL_TLS_KEY', keyFile),
  ])
  try {
    return { credentials: credentials.createSsl(ca, key, cert), tls: { ca, cert, key } }
  } catch (cause) {
    throw configuration(
      'The files of OPENSHELL_TLS_CA, OPENSHELL_TLS_CERT and OPENSHELL_TLS_KEY are not matching PEM files.',
      cause,
    )
  }
}

async function readTlsFile(variable: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error'
    throw configuration(
      `The file of ${variable}, ${path}, cannot be read (${code}). Point ${variable} at a readable PEM file.`,
      cause,
    )
  }
}

function configuration(message: string, cause?: unknown): SupervisorError {
  return new SupervisorError({ kind: 'configuration', message, cause })
}
