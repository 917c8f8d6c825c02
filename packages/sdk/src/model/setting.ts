/** Value of a setting. Whole numbers only; one beyond 2^53 is read as its decimal text. */
export type SettingValue = string | boolean | number | Uint8Array

/** A setting as it holds for a sandbox. */
export interface EffectiveSetting {
  readonly key: string
  /** Absent when nobody has set it. */
  readonly value?: SettingValue
  /** Where it was set; `unspecified` when nobody has. `unrecognized` is a place that this release does not know. */
  readonly scope: 'unspecified' | 'sandbox' | 'global' | 'unrecognized'
}

/** The gateway's own settings. */
export interface GatewaySettings {
  /** By key; undefined for a known setting that nobody has set. */
  readonly values: Readonly<Record<string, SettingValue | undefined>>
  /** Grows with every change; compare for equality only. */
  readonly revision: string
}

/** What holds for a sandbox: the policy in force and the settings. */
export interface SandboxConfigInfo {
  readonly settings: readonly EffectiveSetting[]
  /** Where the policy comes from; `global` replaces the sandbox's own. */
  readonly policySource: 'unspecified' | 'sandbox' | 'global' | 'unrecognized'
  /** Changes with the policy, the settings and the providers; compare for equality only. */
  readonly configRevision: string
}
