/** A sandbox by all its names: line 0.0 refers to it by name in some calls and by id in others. */
export interface SandboxAddress {
  readonly workspace: string
  readonly name: string
  readonly id: string
}
