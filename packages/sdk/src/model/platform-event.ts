/** Something that happened on the platform while it worked for the sandbox. */
export interface PlatformEvent {
  readonly at: Date
  readonly source: string
  /** `Normal` or `Warning`. */
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly metadata: Readonly<Record<string, string>>
}
