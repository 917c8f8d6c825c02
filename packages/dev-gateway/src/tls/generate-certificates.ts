import { webcrypto } from 'node:crypto'
import type { CertificateAndKey, CertificateBundle } from './certificate-bundle.js'

/** The names and addresses that a generated server certificate is good for; the last names are those of exposed services. */
export const serverNames = ['localhost', '127.0.0.1', '::1', '*.openshell.localhost'] as const

/** The name in a generated client certificate. */
export const clientName = 'openshell-client'

const lifetimeMs = 365 * 24 * 3_600_000
// Clocks of other machines may be behind.
const backdatedMs = 3_600_000

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

type X509 = typeof import('@peculiar/x509')
type KeyPair = webcrypto.CryptoKeyPair

/** Makes an authority, and with it a certificate for a gateway on loopback and one for its clients, each good for a year. */
export async function generateCertificates(nowMs: number): Promise<CertificateBundle> {
  const x509 = await loadX509()
  const validity = { notBefore: new Date(nowMs - backdatedMs), notAfter: new Date(nowMs + lifetimeMs) }
  const authorityKeys = await generateKeys()
  const authority = await x509.X509CertificateGenerator.createSelfSigned(
    {
      ...validity,
      name: 'CN=openshell-dev-gateway authority',
      keys: authorityKeys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  )
  const issue = async (name: string, extensions: LeafExtensions): Promise<CertificateAndKey> => {
    const keys = await generateKeys()
    const certificate = await x509.X509CertificateGenerator.create(
      {
        ...validity,
        subject: `CN=${name}`,
        issuer: authority.subject,
        publicKey: keys.publicKey,
        signingKey: authorityKeys.privateKey,
        signingAlgorithm: algorithm,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey, false, webcrypto),
          ...extensions(x509),
        ],
      },
      webcrypto,
    )
    return { cert: certificate.toString('pem'), key: await privatePem(x509, keys) }
  }
  const [server, client] = await Promise.all([
    issue(
      'openshell-dev-gateway',
      ({ ExtendedKeyUsage, ExtendedKeyUsageExtension, SubjectAlternativeNameExtension }) => [
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(
          serverNames.map((value) => ({ type: /^[\d:.]+$/.test(value) ? 'ip' : 'dns', value })),
        ),
      ],
    ),
    issue(clientName, ({ ExtendedKeyUsage, ExtendedKeyUsageExtension }) => [
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
    ]),
  ])
  return { ca: authority.toString('pem'), server, client }
}

type LeafExtensions = (x509: X509) => InstanceType<X509['Extension']>[]

// Loaded when a certificate has to be made: the library registers its parts globally, and takes longer than a start may.
async function loadX509(): Promise<X509> {
  await import('reflect-metadata')
  return import('@peculiar/x509')
}

function generateKeys(): Promise<KeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

async function privatePem({ PemConverter }: X509, { privateKey }: KeyPair): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')
}
