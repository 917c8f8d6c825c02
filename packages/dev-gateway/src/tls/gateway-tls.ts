import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { ServerCredentials } from '@grpc/grpc-js'
import { GatewayStartError } from '../errors/gateway-start-error.js'
import { generateCertificates } from './generate-certificates.js'
import { clientFolder, savedCertificates } from './saved-certificates.js'

/** Certificates that the gateway makes by itself: an authority, one for the gateway on loopback, and one for its clients. */
export interface GeneratedTls {
  /**
   * A folder that keeps them, and gives them again while they last; it is created when it is missing. Its folder `client` is
   * what the OpenShell CLI calls an mTLS bundle. @default `tls` in the state directory; none without one
   */
  readonly directory?: string
  /** Whether a client must show a certificate of the authority. @default 'required' */
  readonly clientCertificates?: 'required' | 'none'
}

/** Certificates from elsewhere. PEM as text or bytes. */
export interface GivenTls {
  /** The gateway's certificate, followed by those between it and its authority. */
  readonly certificate: string | Uint8Array
  /** The certificate's private key. */
  readonly key: string | Uint8Array
  /** Authorities, one of which must have signed the certificate that a client shows. Absent: clients show none. */
  readonly clientCa?: string | Uint8Array
}

/** How the gateway encrypts; `'generate'` is short for `{}`. */
export type DevGatewayTls = 'generate' | GeneratedTls | GivenTls

/** What a client needs to connect to a gateway with generated certificates, as PEM texts. */
export interface DevGatewayClientTls {
  /** The one authority to trust. */
  readonly ca: string
  /** The client certificate. */
  readonly cert: string
  /** The client certificate's private key. */
  readonly key: string
}

/** What a listener and its clients get from the options. */
export interface GatewayTls {
  readonly credentials: ServerCredentials
  /** Whether each connection has shown a client certificate that was verified. */
  readonly verifiesClients: boolean
  /** Absent for certificates from elsewhere. */
  readonly client: DevGatewayClientTls | undefined
  /** The folder with the client's files; absent when nothing is kept. */
  readonly clientDirectory: string | undefined
}

/** Where certificates are kept, and what they are judged by. */
export interface TlsSurroundings {
  readonly stateDirectory: string | undefined
  /** Milliseconds since 1970. */
  readonly nowMs: number
  /** Gets a sentence when clients have to do something. */
  readonly warn: (sentence: string) => void
}

/** @throws GatewayStartError for files that cannot be used. */
export async function openGatewayTls(
  tls: DevGatewayTls,
  { stateDirectory, nowMs, warn }: TlsSurroundings,
): Promise<GatewayTls> {
  if (tls !== 'generate' && 'certificate' in tls) {
    const credentials = serverCredentials(tls.certificate, tls.key, tls.clientCa)
    return { credentials, verifiesClients: tls.clientCa !== undefined, client: undefined, clientDirectory: undefined }
  }
  const { directory = stateDirectory && join(stateDirectory, 'tls'), clientCertificates = 'required' } =
    tls === 'generate' ? {} : tls
  const { ca, server, client } = await (directory
    ? savedCertificates(directory, nowMs, warn)
    : generateCertificates(nowMs))
  const verifiesClients = clientCertificates === 'required'
  return {
    credentials: serverCredentials(server.cert, server.key, verifiesClients ? ca : undefined),
    verifiesClients,
    client: { ca, ...client },
    clientDirectory: directory && clientFolder(directory),
  }
}

function serverCredentials(
  certificate: string | Uint8Array,
  key: string | Uint8Array,
  clientCa: string | Uint8Array | undefined,
): ServerCredentials {
  const pair = { cert_chain: Buffer.from(certificate), private_key: Buffer.from(key) }
  const ca = clientCa === undefined ? null : Buffer.from(clientCa)
  // The server itself would say nothing of either, and answer no handshake.
  check(
    () => createSecureContext({ cert: pair.cert_chain, key: pair.private_key }),
    'The certificate and the key of tls are no matching PEM texts; give a certificate and the key that belongs to it.',
  )
  if (ca)
    check(
      () => new X509Certificate(ca),
      'The clientCa of tls is no certificate in PEM form; give that of an authority.',
    )
  return ServerCredentials.createSsl(ca, [pair], ca !== null)
}

function check(read: () => unknown, problem: string): void {
  try {
    read()
  } catch (cause) {
    throw new GatewayStartError('configuration', problem, { cause })
  }
}
