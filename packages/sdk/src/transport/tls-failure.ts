/** What a failed handshake means. */
export interface TlsFailure {
  /** Code to branch on: one of ours for certificates that are not valid now, else that of Node.js. */
  readonly reason: string
  /** What is wrong, as the end of a sentence about the gateway; absent when the code says all that is known. */
  readonly says?: string
  readonly hint: string
}

/** Explains a handshake that failed with this code. */
export function explainTlsFailure(code: string): TlsFailure {
  const outdated = OUTDATED.find(([pattern]) => pattern.test(code))?.[1]
  if (outdated) return outdated
  const hint = HINTS.find(([pattern]) => pattern.test(code))?.[1]
  return {
    reason: code,
    hint: hint ?? 'Check the options tls.ca, tls.cert and tls.key, and the host name of the endpoint.',
  }
}

// Of which certificate the code speaks is not told: authorities that cannot be meant were refused before the handshake.
const RENEW =
  "Renew the gateway's certificate, and with it what signed it where that has the same fault, in tls.ca too; or set this machine's clock right."

const OUTDATED: readonly (readonly [pattern: RegExp, failure: TlsFailure])[] = [
  [
    /ALERT_CERTIFICATE_EXPIRED/,
    {
      reason: 'CLIENT_CERTIFICATE_EXPIRED',
      says: 'it takes the client certificate for expired',
      hint: "Log in again, or renew what tls.cert names. Check the clocks of this machine and the gateway's.",
    },
  ],
  [/^CERT_HAS_EXPIRED$/, { reason: 'GATEWAY_CERTIFICATE_EXPIRED', says: 'its certificate has expired', hint: RENEW }],
  [
    /^CERT_NOT_YET_VALID$/,
    { reason: 'GATEWAY_CERTIFICATE_NOT_YET_VALID', says: 'its certificate is not valid yet', hint: RENEW },
  ],
]

const HINTS: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/WRONG_VERSION_NUMBER/, 'The server does not speak TLS on this port: check the scheme of the endpoint.'],
  [/NO_APPLICATION_PROTOCOL/, 'The server does not speak HTTP/2 on this port: check that it is an OpenShell gateway.'],
  [
    /ALERT_(CERTIFICATE_REQUIRED|UNKNOWN_CA|BAD_CERTIFICATE|HANDSHAKE_FAILURE|ACCESS_DENIED)/,
    'The gateway wants a client certificate that it trusts: give tls.cert and tls.key.',
  ],
  [
    /ALTNAME_INVALID|HOSTNAME_MISMATCH/,
    "The certificate is for another name: write the endpoint with the gateway's own.",
  ],
  [/KEY_VALUES_MISMATCH|KEY_TYPE_MISMATCH/, 'tls.key is not the key of tls.cert: give a pair that belongs together.'],
  [
    /SELF_SIGNED|UNABLE_TO_|INVALID_CA/,
    "Nobody that is trusted has signed the gateway's certificate: give its authority in tls.ca.",
  ],
  [/OSSL/, 'A certificate or key in tls.ca, tls.cert or tls.key is not valid PEM.'],
]
