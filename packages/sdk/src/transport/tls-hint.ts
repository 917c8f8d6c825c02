/** What to change after a handshake that failed with this code. */
export function tlsHint(code: string): string {
  const found = HINTS.find(([pattern]) => pattern.test(code))
  return found?.[1] ?? 'Check the options tls.ca, tls.cert and tls.key, and the host name of the endpoint.'
}

const HINTS: readonly (readonly [pattern: RegExp, hint: string])[] = [
  [/WRONG_VERSION_NUMBER/, 'The server does not speak TLS on this port: check the scheme of the endpoint.'],
  [/NO_APPLICATION_PROTOCOL/, 'The server does not speak HTTP/2 on this port: check that it is an OpenShell gateway.'],
  [
    /ALERT_CERTIFICATE_EXPIRED/,
    "The client certificate has expired: log in again, or renew what tls.cert names. Check this machine's clock.",
  ],
  [/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/, "Renew the gateway's certificate, or set this machine's clock right."],
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
