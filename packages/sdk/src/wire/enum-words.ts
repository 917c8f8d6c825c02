/** The word of an enum's number, which is its place; `unrecognized` for a number that this release does not know. */
export function wordOf<Word extends string>(words: readonly Word[], number: number): Word | 'unrecognized' {
  return words[number] ?? 'unrecognized'
}

/** Words of `WorkspacePhase`. */
export const WORKSPACE_PHASES = ['unspecified', 'active', 'terminating'] as const

/** Words of `WorkspaceRole`. */
export const WORKSPACE_ROLES = ['unspecified', 'user', 'admin'] as const

/** Words of `ServiceAuthorizationMode`. */
export const SERVICE_AUTHORIZATIONS = ['unspecified', 'strip', 'bearer-passthrough'] as const

/** Words of `ProviderMutationKind`. */
export const PROVIDER_CHANGE_KINDS = ['unspecified', 'attach', 'detach', 'update', 'observe'] as const

/** Words of `ProviderReadinessState`. */
export const PROVIDER_READINESS_STATES = [
  'unspecified',
  'persisted',
  'pending',
  'ready',
  'withheld',
  'revoked',
  'failed',
  'superseded',
] as const

/** Words of `PolicyStatus`. */
export const POLICY_STATUSES = ['unspecified', 'pending', 'loaded', 'failed', 'superseded'] as const

/** Words of `SettingScope` and of `PolicySource`. */
export const CONFIG_SCOPES = ['unspecified', 'sandbox', 'global'] as const

/** Words of `ProviderCredentialRefreshStrategy`. */
export const REFRESH_STRATEGIES = [
  'unspecified',
  'static',
  'external',
  'oauth2-refresh-token',
  'oauth2-client-credentials',
  'google-service-account-jwt',
  'aws-sts-assume-role',
] as const

/** Words of `ProviderCredentialRefreshRecoveryAction`. */
export const RECOVERY_ACTIONS = ['unspecified', 'retry', 'reauthorize', 'fix-configuration', 'investigate'] as const

/** Words of `ExtensionKind`. */
export const EXTENSION_KINDS = [
  'unspecified',
  'compute-driver',
  'credential-driver',
  'gateway-interceptor',
  'supervisor-middleware',
] as const
