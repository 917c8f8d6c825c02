import { X509Certificate } from 'node:crypto'

/** What is wrong about the time of a certificate: a code, and the rest of a sentence that begins with the certificate. */
export interface ValidityProblem {
  readonly code: 'EXPIRED' | 'NOT_YET_VALID'
  readonly says: string
}

const CERTIFICATE = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END [^-]*-----/g

/** What is wrong about the time of the first certificate in PEM, which is the one of a chain that is shown for itself. */
export function ownValidityProblem(pem: Buffer): ValidityProblem | undefined {
  const [own] = readCertificates(pem)
  return own && validityProblem(own)
}

/** What is wrong about the time of the last one to end where none of the authorities in PEM is good now. */
export function commonValidityProblem(pem: Buffer): ValidityProblem | undefined {
  const problems = readCertificates(pem)
    .sort((one, other) => Date.parse(other.validTo) - Date.parse(one.validTo))
    .map(validityProblem)
  return problems.includes(undefined) ? undefined : problems[0]
}

function validityProblem({ validFrom, validTo }: X509Certificate): ValidityProblem | undefined {
  const now = Date.now()
  if (Date.parse(validTo) < now) return { code: 'EXPIRED', says: `has expired: it was valid to ${validTo}` }
  if (Date.parse(validFrom) <= now) return undefined
  return { code: 'NOT_YET_VALID', says: `is not valid yet: it will be from ${validFrom}` }
}

// What is no certificate is reported by the handshake.
function readCertificates(pem: Buffer): X509Certificate[] {
  try {
    return [...pem.toString('latin1').matchAll(CERTIFICATE)].map(([block]) => new X509Certificate(block))
  } catch {
    return []
  }
}
