/** Certificates and keys of a gateway and its clients, as PEM texts. */
export interface CertificateBundle {
  /** The authority that signed the other two. Its key is thrown away when they are made. */
  readonly ca: string
  readonly server: CertificateAndKey
  readonly client: CertificateAndKey
}

/** A certificate and its private key, as PEM texts. */
export interface CertificateAndKey {
  readonly cert: string
  readonly key: string
}
