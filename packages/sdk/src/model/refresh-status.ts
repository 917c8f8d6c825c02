/** How a credential is renewed; `unrecognized` is a way that this release does not know. */
export type RefreshStrategy =
  | 'static'
  | 'external'
  | 'oauth2-refresh-token'
  | 'oauth2-client-credentials'
  | 'google-service-account-jwt'
  | 'aws-sts-assume-role'
  | 'unrecognized'

/** How a credential is to be renewed. */
export interface RefreshConfiguration {
  /** `static` and `external` are not the gateway's to renew, and it refuses them. */
  readonly strategy: Exclude<RefreshStrategy, 'unrecognized'>
  /** What the renewal needs, by the names that the provider's profile says; at most 64. Never comes back. */
  readonly material?: Readonly<Record<string, string>>
  /** Names in `material` that are secrets. @default [] */
  readonly secretMaterialNames?: readonly string[]
  /** When the present credential ends; absent leaves what is known. */
  readonly expiresAt?: Date
}

/** State of a credential that the gateway renews. */
export interface RefreshStatus {
  readonly providerName: string
  readonly providerId: string
  readonly credentialName: string
  readonly strategy: RefreshStrategy | 'unspecified'
  /** The gateway's word for the state, such as `configured`. */
  readonly status: string
  /** When the present credential ends; absent when it does not, or is not there yet. */
  readonly expiresAt?: Date
  readonly nextRefreshAt?: Date
  readonly lastRefreshAt?: Date
  /** Why the last try failed; empty when it did not. */
  readonly lastError: string
  readonly lastErrorAt?: Date
  /** What would help. `unspecified` before gateway 0.0.116. */
  readonly recoveryAction:
    | 'unspecified'
    | 'retry'
    | 'reauthorize'
    | 'fix-configuration'
    | 'investigate'
    | 'unrecognized'
  /** Code of the failure; empty when there was none. */
  readonly failureCode: string
}
