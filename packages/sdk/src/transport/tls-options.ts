/** What the client presents and trusts on `https` endpoints; PEM as text or bytes. */
export interface TlsOptions {
  /** Certificates to trust, in place of the system's; the system's are trusted when absent. */
  readonly ca?: string | Uint8Array
  /** Client certificate; needs `key`. */
  readonly cert?: string | Uint8Array
  /** Private key of the client certificate; needs `cert`. */
  readonly key?: string | Uint8Array
}
