import { GatewayStartError } from '../errors/gateway-start-error.js'
import { readText } from '../files/read-toml.js'
import type { DevGatewayTls } from './gateway-tls.js'

/** Paths of the PEM files for TLS. */
export interface TlsFiles {
  readonly certificate?: string | undefined
  readonly key?: string | undefined
  readonly clientCa?: string | undefined
}

/** What the command line says about TLS. */
export interface TlsFlags extends TlsFiles {
  /** Whether to make certificates. */
  readonly generate: boolean
  /** Where to keep the ones that are made; asks for them as well. */
  readonly directory: string | undefined
  readonly disable: boolean
}

/**
 * What a gateway does about TLS; `undefined` for plaintext. The command line wins over the file, and files of certificates over
 * making some.
 *
 * @throws GatewayStartError for a file that cannot be read, and for a certificate without its key.
 */
export function planTls(flags: TlsFlags, file: TlsFiles | undefined): DevGatewayTls | undefined {
  if (flags.disable) return undefined
  if (flags.generate || flags.directory !== undefined) {
    return flags.directory === undefined ? 'generate' : { directory: flags.directory }
  }
  const certificate = flags.certificate ?? file?.certificate
  const key = flags.key ?? file?.key
  const clientCa = flags.clientCa ?? file?.clientCa
  if (certificate === undefined && key === undefined && clientCa === undefined) return undefined
  if (certificate === undefined || key === undefined) {
    throw new GatewayStartError(
      'configuration',
      'TLS needs both a certificate and its key: give --tls-cert FILE and --tls-key FILE (cert_path and key_path in ' +
        '[openshell.gateway.tls]), or --tls to have some made.',
    )
  }
  return {
    certificate: readText(certificate, 'TLS certificate'),
    key: readText(key, 'TLS key'),
    ...(clientCa !== undefined && { clientCa: readText(clientCa, 'client CA') }),
  }
}
