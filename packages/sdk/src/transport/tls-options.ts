/**
 * What the client presents and trusts on `https` endpoints. A text that holds `-----BEGIN` is PEM, any other text is the path of
 * a PEM file, which is read again for each connection, so that files that are renewed need no new client. Bytes are PEM.
 */
export interface TlsOptions {
  /** Certificates to trust, in place of the system's; the system's are trusted when absent. */
  readonly ca?: string | Uint8Array
  /** Client certificate; needs `key`. */
  readonly cert?: string | Uint8Array
  /** Private key of the client certificate; needs `cert`. */
  readonly key?: string | Uint8Array
  /**
   * Trusts whoever answers, with one warning; refused beside `ca`. Only for tests: anybody on the way can read and change everything.
   * @default false
   */
  readonly insecureSkipVerify?: boolean
}
