import type { RefreshStrategy } from './refresh-status.js'
import type { NetworkEndpoint } from './sandbox-policy.js'

/** What kind of service a profile describes; `unrecognized` is one that this release does not know. */
export type ProviderCategory =
  | 'other'
  | 'inference'
  | 'agent'
  | 'source-control'
  | 'messaging'
  | 'data'
  | 'knowledge'
  | 'unrecognized'

/** What a type of provider needs and may do. What is absent is empty. */
export interface ProviderProfile {
  /** The type that providers name. */
  readonly id: string
  readonly displayName?: string
  readonly description?: string
  readonly category?: ProviderCategory
  readonly credentials?: readonly ProfileCredential[]
  /** Where sandboxes with such a provider may go. */
  readonly endpoints?: readonly NetworkEndpoint[]
  /** Programs that may go there, by their path in the sandbox; none means every program. */
  readonly binaries?: readonly { readonly path?: string }[]
  readonly inferenceCapable?: boolean
  readonly discovery?: { readonly credentials?: readonly string[] }
  /** Grows with every change; the gateway sets it. */
  readonly resourceVersion?: string
  readonly annotations?: Readonly<Record<string, string>>
  /** Where it was read from; for display. */
  readonly source?: string
  /** Who holds it; the gateway sets it. */
  readonly scope?: string
  /** Files that sandboxes get. From gateway 0.1.0. */
  readonly files?: readonly { readonly path?: string; readonly content?: string; readonly envVar?: string }[]
}

/** A credential that a type of provider has. */
export interface ProfileCredential {
  readonly name?: string
  readonly description?: string
  /** Variables that sandboxes get. */
  readonly envVars?: readonly string[]
  readonly required?: boolean
  readonly authStyle?: string
  readonly headerName?: string
  readonly queryParam?: string
  readonly pathTemplate?: string
  /** How it is renewed; absent means by hand. */
  readonly refresh?: ProfileRefresh
  /** How the gateway gets a token for it; absent means that it does not. */
  readonly tokenGrant?: ProfileTokenGrant
  /** From gateway 0.1.0. */
  readonly tokenGrantOwners?: readonly string[]
  /** From gateway 0.1.0. */
  readonly stablePlaceholder?: boolean
}

/** How a credential is renewed. On line 0.0 times are rounded up to seconds. */
export interface ProfileRefresh {
  readonly strategy?: RefreshStrategy
  readonly tokenUrl?: string
  readonly scopes?: readonly string[]
  /** How long before its end it is renewed. */
  readonly refreshBeforeMs?: number
  /** How long it may be used at most. */
  readonly maxLifetimeMs?: number
  readonly material?: readonly {
    readonly name?: string
    readonly description?: string
    readonly required?: boolean
    readonly secret?: boolean
  }[]
  readonly additionalOutputs?: readonly { readonly output?: string; readonly credential?: string }[]
}

/** How the gateway gets a token from an issuer. On line 0.0 times are rounded up to seconds. */
export interface ProfileTokenGrant {
  readonly tokenEndpoint?: string
  readonly audience?: string
  readonly jwtSvidAudience?: string
  readonly scopes?: readonly string[]
  readonly cacheTtlMs?: number
  readonly audienceOverrides?: readonly {
    readonly host?: string
    readonly port?: number
    readonly path?: string
    readonly audience?: string
    readonly scopes?: readonly string[]
  }[]
  readonly clientAssertionType?: string
  readonly grantType?: 'client-credentials' | 'token-exchange' | 'unrecognized'
  readonly subjectToken?: {
    readonly source?: string
    readonly credential?: string
    readonly subjectTokenType?: string
  }
  readonly requestedTokenType?: string
}

/** One finding about a profile. */
export interface ProfileDiagnostic {
  /** Where the profile came from, as the caller named it. */
  readonly source: string
  readonly profileId: string
  /** Path of the field; empty for the whole profile. */
  readonly field: string
  readonly message: string
  /** `error` or `warning`. */
  readonly severity: string
}

/** A profile to import, and where it was read from. */
export interface ProfileImportItem {
  readonly profile: ProviderProfile
  /** Such as a file's name; comes back with each finding. @default '' */
  readonly source?: string
}

/** What became of an import. Findings are a result, not an error. */
export interface ProfileImportResult {
  /** False when there was an error among the findings; nothing was stored then. */
  readonly imported: boolean
  readonly diagnostics: readonly ProfileDiagnostic[]
  readonly profiles: readonly ProviderProfile[]
}

/** What became of an update. Findings are a result, not an error. */
export interface ProfileUpdateResult {
  readonly updated: boolean
  readonly diagnostics: readonly ProfileDiagnostic[]
  /** The profile as it is stored now; absent when nothing was. */
  readonly profile?: ProviderProfile
}

/** What a lint found. */
export interface ProfileLintResult {
  readonly valid: boolean
  readonly diagnostics: readonly ProfileDiagnostic[]
}
