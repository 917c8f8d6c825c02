/** The value of a setting. */
export type SettingValue = string | boolean

/** The settings of a sandbox, or of the gateway. */
export interface Settings {
  /** Counts the changes, from 1; 0 before the first. */
  readonly revision: number
  readonly values: Readonly<Record<string, SettingValue>>
}
