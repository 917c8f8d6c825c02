import type { RecordInfo } from './record-info.js'

/** Where the profile of a provider's type is looked up: the gateway's own profiles, or those of the workspace. */
export type ProfileScope = 'platform' | 'workspace'

/** Snapshot of a provider. Values of credentials are never among it: the gateway takes them in and gives none out. */
export interface ProviderInfo extends RecordInfo {
  /** What kind of service it is, such as `anthropic`: the id of a profile, or a free word. */
  readonly type: string
  /** Names of the credentials that the gateway holds. */
  readonly credentialNames: readonly string[]
  /** Settings that are no secrets. */
  readonly config: Readonly<Record<string, string>>
  /** When credentials end, by name; those without an end are absent. */
  readonly credentialExpiresAt: Readonly<Record<string, Date>>
  readonly profileScope: ProfileScope
}

/** A provider to create. */
export interface ProviderSpec {
  /** What kind of service it is, at most 64 bytes; it cannot be changed later. */
  readonly type: string
  /** Secrets by name, at most 32; they become variables of the sandboxes that the provider is attached to. @default {} */
  readonly credentials?: Readonly<Record<string, string>>
  /** Settings that are no secrets, at most 64. @default {} */
  readonly config?: Readonly<Record<string, string>>
  /** When credentials end, by name; a credential without an end is left out. @default {} */
  readonly credentialExpiresAt?: Readonly<Record<string, Date>>
  /** Where the profile of the type is looked up; it cannot be changed later. @default 'platform' */
  readonly profileScope?: ProfileScope
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

/** What an update changes; what it does not name stays as it is. */
export interface ProviderChanges {
  /** Secrets to set or replace, by name. @default {} */
  readonly credentials?: Readonly<Record<string, string>>
  /** Names of credentials to remove. @default [] */
  readonly removeCredentials?: readonly string[]
  /** Settings to set or replace. @default {} */
  readonly config?: Readonly<Record<string, string>>
  /** Names of settings to remove. @default [] */
  readonly removeConfig?: readonly string[]
  /** Ends to set or replace, by the name of the credential. @default {} */
  readonly credentialExpiresAt?: Readonly<Record<string, Date>>
  /** Names of credentials that are to have no end any more. @default [] */
  readonly removeExpirations?: readonly string[]
}

/** What an update did. */
export interface ProviderUpdateResult {
  readonly provider: ProviderInfo
  /** One for each sandbox that the provider is attached to; empty on line 0.0, which gives none. */
  readonly receipts: readonly ProviderReceipt[]
}

/** What kind of change a receipt is for; `unrecognized` is one that this release does not know. */
export type ProviderChangeKind = 'unspecified' | 'attach' | 'detach' | 'update' | 'observe' | 'unrecognized'

/** Proof that a change was stored, with which its arrival in one sandbox can be followed. From gateway 0.1.0. */
export interface ProviderReceipt {
  readonly id: string
  readonly kind: ProviderChangeKind
  readonly providerName: string
  readonly sandboxId: string
  readonly sandboxName: string
  /** When the change was stored; absent when the gateway did not say. */
  readonly persistedAt?: Date
}

/** How far a change has come in a sandbox. `persisted` is not yet installed; `unrecognized` is not known to this release. */
export type ProviderReadinessState =
  | 'unspecified'
  | 'persisted'
  | 'pending'
  | 'ready'
  | 'withheld'
  | 'revoked'
  | 'failed'
  | 'superseded'
  | 'unrecognized'

/** State of a change in a sandbox. */
export interface ProviderReadiness {
  readonly state: ProviderReadinessState
  /** Why it is so, in UPPER_SNAKE, such as `WAITING_FOR_SUPERVISOR`; `UNRECOGNIZED` is not known to this release. */
  readonly reason: string
  /** The receipt that the state is about; absent when the gateway did not say. */
  readonly receipt?: ProviderReceipt
  /** When the sandbox was heard of last; absent before that. */
  readonly observedAt?: Date
}
