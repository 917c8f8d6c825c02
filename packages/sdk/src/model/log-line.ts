/** A log line of a sandbox, or of the gateway about it. */
export interface LogLine {
  readonly at: Date
  /** Level as it was written, such as `INFO`; may be empty. */
  readonly level: string
  /** `sandbox` or `gateway`. */
  readonly source: string
  readonly target: string
  readonly message: string
  readonly fields: Readonly<Record<string, string>>
}
